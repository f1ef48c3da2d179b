"""What most journeys begin with."""

from __future__ import annotations

import pytest

from tests.journeys.cli import Cli
from tests.journeys.people import Person
from tests.local_cloud import LocalCloud


@pytest.fixture
def person(cloud: LocalCloud, email: str) -> Person:
    """Somebody who has signed up, and not signed in yet."""
    return Person.new(cloud, email)


@pytest.fixture
def cli(cloud: LocalCloud) -> Cli:
    """The command, with the root's keys."""
    return Cli(cloud)
