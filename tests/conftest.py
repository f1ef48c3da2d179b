"""Fixtures for everything that speaks to a running local cloud: one server for each test worker, when first needed."""

from __future__ import annotations

import gc
import itertools
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.local_cloud import LocalCloud

_numbers = itertools.count()

# Each worker, and each process that a test starts, would compile all the same sources again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# What is parsed stays; looking through it again and again for garbage costs more than it frees.
gc.set_threshold(100_000, 20, 50)
# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


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
