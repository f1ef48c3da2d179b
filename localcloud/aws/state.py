"""What of the engine outlives a kill: one SQLite file with each service's last state, and DynamoDB's writes since then.

A snapshot replaces the states of all changed services in one transaction, so a kill never leaves a stack that names
resources which are not there. Snapshots are for changes of resources, which are rare; writes of items are many, so
each is appended to a journal before it is answered, and replayed at the next start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from localcloud.aws.seams import EngineError

_TABLES = """
CREATE TABLE IF NOT EXISTS service (name TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dynamodb_write (id INTEGER PRIMARY KEY, region TEXT, operation TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS port (port INTEGER);
"""


class Write(NamedTuple):
    """One successful DynamoDB write, as it was asked for."""

    region: str
    operation: str
    body: bytes


class State:
    """The engine's file. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, for its owner only: secrets of access keys are in it. Raises EngineError."""
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.DatabaseError as error:
            raise EngineError(f"{path} cannot be read: {error}; stop, and forget it all with `reset`") from error
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def load(self, port: int) -> dict[str, str]:
        """Each service's state. URLs in it follow the port: endpoints and queue URLs name the server's own."""
        states = dict(self._db.execute("SELECT name, state FROM service"))
        row = self._db.execute("SELECT port FROM port").fetchone()
        self._db.execute("DELETE FROM port")
        self._db.execute("INSERT INTO port VALUES (?)", (port,))
        if row is None or row[0] == port:
            return states
        # Items of tables are users' own text and stay as they were.
        for name in states.keys() - {"dynamodb"}:
            states[name] = states[name].replace(f"127.0.0.1:{row[0]}", f"127.0.0.1:{port}")
        self.save({name: state for name, state in states.items() if name != "dynamodb"})
        return states

    def save(self, states: Mapping[str, str]) -> None:
        """Replace the states of these services, all or none. A snapshot of DynamoDB holds all that its journal says."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR REPLACE INTO service VALUES (?, ?)", states.items())
            if "dynamodb" in states:
                self._db.execute("DELETE FROM dynamodb_write")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def append(self, write: Write) -> int:
        """Keep one DynamoDB write. Gives how many there are since the last snapshot."""
        cursor = self._db.execute("INSERT INTO dynamodb_write (region, operation, body) VALUES (?, ?, ?)", write)
        return cursor.lastrowid or 0

    def writes(self) -> Iterable[Write]:
        """The DynamoDB writes since the last snapshot, in order."""
        rows = self._db.execute("SELECT region, operation, body FROM dynamodb_write ORDER BY id").fetchall()
        return [Write(*row) for row in rows]

    def clear(self) -> None:
        """Forget everything."""
        self._db.executescript("DELETE FROM service; DELETE FROM dynamodb_write;")
