"""Fixtures for everything that speaks to a running local cloud: one server for each test worker, when first needed."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_cloud import LocalCloud

_numbers = itertools.count()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The whole backend, deployed from the template, shared by the tests of one worker."""
    running = LocalCloud(tmp_path_factory.mktemp("cloud")).start()
    yield running
    running.stop()


@pytest.fixture
def fresh_cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    """A local cloud of this test's own, not started."""
    cloud = LocalCloud(tmp_path / "data")
    yield cloud
    cloud.kill()


@pytest.fixture
def email() -> str:
    """An address that no other test uses."""
    return f"user-{next(_numbers)}-{uuid.uuid4().hex[:8]}@example.com"
