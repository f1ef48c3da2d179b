"""What most journeys begin with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.cli import Cli
from tests.journeys.people import Person, unsigned_client
from tests.local_cloud import LocalCloud


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
