"""A short run of `make fuzz`, and that the run sees what it looks for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.fuzz.running import run
from tests.fuzz.watching import Watch
from tests.local_cloud import LocalCloud


def test_random_calls(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path / "data", ("--no-stack",)).start()
    try:
        found = [str(finding) for finding in run(cloud, seed=1, number=150)]
    finally:
        cloud.stop()
    assert not found, "\n".join(found)


def test_a_change_is_seen_by_its_table(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.executescript("CREATE TABLE a (x); CREATE TABLE b (x); INSERT INTO a VALUES (1);")
        with closing(Watch(file)) as watch:
            assert watch.changed() == []
            server.execute("UPDATE a SET x = 2")
            assert watch.changed() == ["a"]
            server.execute("UPDATE a SET x = 1")
            assert watch.changed() == [], "as it was"
            server.execute("DELETE FROM a")
            watch.advance()
            assert watch.changed() == []
