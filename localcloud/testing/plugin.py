"""The fixtures. A project that has `gatehouse` installed finds them in every test, with nothing to import.

Settings, in the project's pytest configuration: `gatehouse_template` and `gatehouse_parameters` name the template to
deploy (its outputs must have the names of ours), `gatehouse_python` an interpreter that runs the local cloud.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from localcloud.process import RunningCloud
    from localcloud.testing.people import Actor, People

_TEMPLATE = "cloudformation/backend.yaml"
_PARAMETERS = "cloudformation/parameters/local.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which settings there are."""
    parser.addini("gatehouse_template", "CloudFormation template that the local cloud deploys", default=_TEMPLATE)
    parser.addini("gatehouse_parameters", "JSON file of the template's parameters", default=_PARAMETERS)
    parser.addini("gatehouse_python", "Python that has gatehouse[local]; without it, this one or one made for it")


@pytest.fixture(scope="session")
def gatehouse_cloud(request: pytest.FixtureRequest) -> Iterator[RunningCloud]:
    """A local cloud with the template's stack: one for each test process, started when a test first needs it."""
    from localcloud.process import CloudError, throw_away_cloud
    from localcloud.testing.environment import NoEnvironmentError, find_python

    config = request.config
    template, parameters = (config.rootpath / str(config.getini(f"gatehouse_{name}")) for name in _FILES)
    with contextlib.ExitStack() as stack:
        try:
            python = str(config.getini("gatehouse_python")) or find_python(_folder(config), _teller(config))
            cloud = stack.enter_context(throw_away_cloud(template, parameters, python=python))
        except (CloudError, NoEnvironmentError) as error:
            pytest.fail(str(error), pytrace=False)
        yield cloud


@pytest.fixture(scope="session")
def gatehouse_people(gatehouse_cloud: RunningCloud) -> People:
    """Makes users and guests of the cloud; `as_user` and `as_guest` are short for it."""
    from auth import Settings
    from localcloud.testing.people import People

    return People(gatehouse_cloud, Settings.from_outputs(gatehouse_cloud.outputs_file))


@pytest.fixture
def as_user(gatehouse_people: People) -> Callable[..., Actor]:
    """`as_user("alice", groups=["editors"])`: the user of that name, in exactly these groups, with its own AWS keys.

    Gives an Actor: `client("s3")`, `identity_id`, `sub`, `tokens`.
    """
    return gatehouse_people.user


@pytest.fixture
def as_guest(gatehouse_people: People) -> Callable[[], Actor]:
    """`as_guest()`: a new guest with its own AWS keys."""
    return gatehouse_people.guest


@pytest.fixture
def assert_allowed(gatehouse_cloud: RunningCloud) -> Callable[..., Any]:
    """`assert_allowed(s3.put_object, Bucket=…, …)`: makes the call and gives its answer; a refusal is explained."""
    from localcloud.testing.asserting import Assertions

    return Assertions(gatehouse_cloud).allowed


@pytest.fixture
def assert_denied(gatehouse_cloud: RunningCloud) -> Callable[..., None]:
    """`assert_denied(s3.get_object, Bucket=…, …, reason="…")`: IAM must refuse the call, for that reason if given."""
    from localcloud.testing.asserting import Assertions

    return Assertions(gatehouse_cloud).denied


_FILES = ("template", "parameters")


def _folder(config: pytest.Config) -> Path:
    """Where an environment of the local cloud is kept: with pytest's own cache, or in the project without one."""
    cache = getattr(config, "cache", None)
    return Path(cache.mkdir("gatehouse")) if cache else config.rootpath / ".pytest_cache" / "gatehouse"


def _teller(config: pytest.Config) -> Callable[[str], None]:
    """Says what takes long, past pytest's capturing; a worker of a distributed run has nowhere to say it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")

    def say(text: str) -> None:
        if reporter is not None and capture is not None:
            with capture.global_and_fixture_disabled():
                reporter.write_line(f"\ngatehouse: {text}")

    return say
