"""What every test of bad input asks afterwards: is all as it was, and does the server still serve?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.local_cloud import LocalCloud


@pytest.fixture
def unchanged(cloud: LocalCloud) -> Iterator[None]:
    """Fails the test when anything was written to the data folder, or when the server is not well afterwards."""
    objects = cloud.data_dir / "objects"
    with ExitStack() as stack:
        files = (cloud.data_dir / name for name in ("state.sqlite", "engine.sqlite"))
        opened = [stack.enter_context(closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True))) for file in files]
        before = [_version(database) for database in opened], sorted(objects.rglob("*"))
        yield
        assert ([_version(database) for database in opened], sorted(objects.rglob("*"))) == before
    status, health = cloud.get("health")
    assert (status, health["stack"]) == (200, "ready")


def _version(database: sqlite3.Connection) -> int:
    """Another number for this connection as soon as another one has committed anything."""
    (version,) = database.execute("PRAGMA data_version").fetchone()
    return int(version)
