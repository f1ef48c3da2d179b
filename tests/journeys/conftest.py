"""What most journeys begin with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.cli import Cli
from tests.journeys.federated import COMPANY, FederatedApp
from tests.journeys.people import Person, unsigned_client
from tests.local_cloud import ROOT, LocalCloud


@pytest.fixture
def person(cloud: LocalCloud, email: str) -> Person:
    """Somebody who has signed up, and not signed in yet."""
    return Person.new(cloud, email)


@pytest.fixture
def app(cloud: LocalCloud) -> Any:
    """What an app may call of user pools without its user."""
    return unsigned_client(cloud, "cognito-idp")


@pytest.fixture
def cli(cloud: LocalCloud) -> Cli:
    """The command, with the root's keys."""
    return Cli(cloud)


@pytest.fixture(scope="session")
def real_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A cloud without a stack whose clock nobody moves: providers that are not ours live by the real one."""
    running = LocalCloud(tmp_path_factory.mktemp("real-time"), ("--no-stack",)).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def federated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FederatedApp]:
    """The stack's app with Google, Facebook and a company; nobody moves its clock. Facebook is for two domains only."""
    folder = tmp_path_factory.mktemp("federated")
    parameters = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    own = {"SamlProviderName": COMPANY, "ProviderEmailDomains": "Facebook=example.com,elsewhere.test"}
    entries = [{"ParameterKey": name, "ParameterValue": value} for name, value in own.items()]
    (folder / "parameters.json").write_text(json.dumps([*parameters, *entries]))
    options = ("--stand-ins", "--parameters", str(folder / "parameters.json"))
    running = LocalCloud(folder / "data", options).start()
    yield FederatedApp.of(running)
    running.stop()
