"""What every test of bad input asks afterwards: is all as it was, and does the server still serve?"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.local_cloud import LocalCloud


@pytest.fixture
def unchanged(cloud: LocalCloud) -> Iterator[None]:
    """Fails the test when anything on disk is another than before: rows of both databases, files of objects."""
    before = fingerprint(cloud.data_dir)
    yield
    assert fingerprint(cloud.data_dir) == before
    status, health = cloud.get("health")
    assert (status, health["stack"]) == (200, "ready")


def fingerprint(folder: Path) -> dict[str, str]:
    """A digest of each table of the data folder, and of the names of its objects."""
    names = sorted(str(path.relative_to(folder)) for path in (folder / "objects").rglob("*"))
    found = {"objects": hashlib.sha256("\n".join(names).encode()).hexdigest()}
    for file in sorted(folder.glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = sorted(map(repr, database.execute(f"SELECT * FROM {table}")))
                found[f"{file.name}:{table}"] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
