"""What a request changed on disk: two views of the same database, one of them as it was before."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path


class Watch:
    """Looks at a database that a server writes. The older view is an open read transaction."""

    def __init__(self, file: Path) -> None:
        """Begin with what is there now."""
        with ExitStack() as opened:
            self._old, self._new = (
                opened.enter_context(closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)))
                for _ in range(2)
            )
            self._opened = opened.pop_all()
        self._version = 0
        self.advance()

    def close(self) -> None:
        """Look no more."""
        self._opened.close()

    def advance(self) -> None:
        """What is there now is what was before the next request."""
        if self._old.in_transaction:
            self._old.execute("COMMIT")
        self._old.execute("BEGIN")
        self._old.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        self._version = self._data_version()

    def changed(self) -> list[str]:
        """The tables whose rows are others than before."""
        if self._data_version() == self._version:
            return []
        tables = [name for (name,) in self._new.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [table for table in tables if self._differs(table)]

    def _differs(self, table: str) -> bool:
        old, new = (view.execute(f"SELECT * FROM {table}").fetchall() for view in (self._old, self._new))
        return {*old} != {*new}

    def _data_version(self) -> int:
        """Another number as soon as the server has committed anything."""
        return int(self._new.execute("PRAGMA data_version").fetchone()[0])
