"""State on disk: SQLite in WAL mode, committed before an answer is sent.

An `Entity` has two class variables: `KEY`, the fields that name it, and `INDEXES`, the other fields it is found by.
Each entity type has one table: its key and index fields as columns, the whole as JSON.
`synchronous=NORMAL`: what was answered survives a kill of the process, and all but the last moments a power cut.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import orjson

from localcloud import state_file
from localcloud.entity_cache import UNREAD, EntityCache
from localcloud.entity_rows import condition, definitions, layout_of, make_row, read_row, source_of

FORMAT = 2
"""Raised whenever an entity changes its fields, so that an old data folder is refused and not misread."""


class Entity:
    """What the store can keep: the base of frozen, slotted dataclasses whose fields are JSON values."""

    __slots__ = ()
    KEY: ClassVar[tuple[str, ...]]
    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()
    CACHED: ClassVar[bool] = False
    """Whether the store keeps what it has read: for kinds that most calls read some of. Never change one in place."""


E = TypeVar("E", bound=Entity)


class AlreadyExistsError(Exception):
    """An entity with the key of `entity` is stored already."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(type(entity).__name__)
        self.entity = entity


class NotFoundError(Exception):
    """No entity with this key is stored."""


class FolderInUseError(Exception):
    """Another server process has this data folder open, or another version wrote it."""


class Store:
    """All entities of one data folder. Thread-safe; each write is a transaction, or part of `transaction()`."""

    def __init__(self, folder: Path | None, kinds: Iterable[type[Entity]]) -> None:
        """Open or create the store. `folder` None keeps everything in memory, for tests."""
        self._lock = threading.RLock()
        self._depth = 0
        self._lock_file = None if folder is None else claim(folder)
        self._path = None if folder is None else folder / "state.sqlite"
        self._db = state_file.connect(self._path)
        self._kinds = list(kinds)
        self._cache = EntityCache(self._kinds)
        self._create_tables()

    def close(self) -> None:
        """Give the data folder back."""
        with self._lock:
            self._db.close()
            if self._lock_file is not None:
                self._lock_file.close()

    def clear(self, keep: tuple[type[Entity], ...] = ()) -> None:
        """Forget everything but the entities of these kinds: in a new file, as quick however much there was."""
        with self._lock:
            kept = [entity for kind in keep for entity in self.find(kind)]
            new = None if self._path is None else state_file.beside(self._path)
            old, self._db = self._db, state_file.connect(new)
            self._create_tables()
            for entity in kept:
                self.put(entity)
            old.close()
            if self._path is not None and new is not None:
                self._db.close()
                state_file.replace(self._path, new)
                self._db = state_file.connect(self._path)
            self._cache = EntityCache(self._kinds)

    def alone(self) -> AbstractContextManager[Any]:
        """Nobody else writes inside: what is read there still holds for one write. Quicker than a transaction."""
        return self._lock

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept together or not at all. Nests; never call a Lambda function inside."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def get(self, kind: type[E], *key: str) -> E | None:
        """The entity of that key, or None."""
        found: E | None = self._cache.get(kind, key)
        if found is not UNREAD:
            return found
        with self._lock:
            row = self._db.execute(layout_of(kind).selection, key).fetchone()
            found = None if row is None else read_row(kind, row)
            # Under the lock, and not inside a change that may yet be undone.
            if self._depth == 0:
                self._cache.keep(kind, key, found)
        return found

    def note_absent(self, kind: type[Entity], *key: str) -> None:
        """Nobody has this key, as it was drawn just now: who asks for it next need not look."""
        with self._lock:
            self._cache.keep(kind, key, None)

    def insert(self, entity: Entity) -> None:
        """Store a new entity. Raises AlreadyExistsError: of two that race for one key, exactly one wins."""
        self._write(entity, "INSERT")

    def put(self, entity: Entity) -> None:
        """Store an entity, new or in place of the one with its key."""
        self._write(entity, "INSERT OR REPLACE")

    def insert_all(self, kind: type[E], entities: Iterable[E]) -> None:
        """Store many new entities, quicker than one by one. Raises AlreadyExistsError with the one that is there."""
        entity: Any = None

        def rows() -> Iterator[tuple[Any, ...]]:
            nonlocal entity
            for entity in entities:
                yield make_row(entity)

        try:
            with self.transaction():
                self._cache.drop_all(kind)
                self._db.executemany("INSERT" + layout_of(kind).insertion, rows())
        except sqlite3.IntegrityError as error:
            raise AlreadyExistsError(entity) from error

    def insert_rows(self, kind: type[Entity], rows: Iterable[tuple[str, ...]]) -> None:
        """Store new entities of a kind that is all columns, by the values of their fields: quicker still."""
        with self.transaction():
            self._cache.drop_all(kind)
            self._db.executemany(layout_of(kind).bare_insertion(), rows)

    def present(self, kind: type[Entity], column: str, values: Iterable[str], **where: str) -> set[str]:
        """Those of the values that some entity has in a column of its key or an index, after the ones of `where`."""
        return {row[0] for row in self._among(kind, column, column, values, where)}

    def among(self, kind: type[E], column: str, values: Iterable[str], **where: str) -> list[E]:
        """The entities that have one of the values there, in no order: quicker than one by one."""
        return [read_row(kind, row) for row in self._among(kind, layout_of(kind).shown, column, values, where)]

    def _among(
        self, kind: type[Entity], shown: str, column: str, values: Iterable[str], where: Mapping[str, str]
    ) -> list[tuple[Any, ...]]:
        wanted = orjson.dumps([*values]).decode()
        source, conditions = source_of(kind, (*where, column)), condition((*where,))
        sql = f"SELECT {shown} FROM {source} WHERE {conditions} AND {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        with self._lock:
            return self._db.execute(sql, (*where.values(), wanted)).fetchall()

    def update(self, kind: type[E], key: tuple[str, ...], change: Callable[[E], E]) -> E:
        """Read, change and write as one step. Raises NotFoundError; what `change` raises leaves things as they were."""
        with self.transaction():
            old = self.get(kind, *key)
            if old is None:
                raise NotFoundError(f"{kind.__name__} {key}")
            new = change(old)
            if new is not old:
                self.put(new)
            return new

    def delete(self, kind: type[Entity], *key: str) -> bool:
        """Remove the entity of that key; False when there was none."""
        sql = f"DELETE FROM {layout_of(kind).table} WHERE {condition(kind.KEY)}"  # noqa: S608
        with self._lock:
            self._cache.drop(kind, key)
            return self._db.execute(sql, key).rowcount > 0

    def delete_where(self, kind: type[Entity], **where: str) -> int:
        """Remove each entity whose key or index fields have these values; how many there were."""
        sql = f"DELETE FROM {source_of(kind, where)} WHERE {condition(tuple(where))}"  # noqa: S608
        with self._lock:
            self._cache.drop_all(kind)
            return self._db.execute(sql, tuple(where.values())).rowcount

    def purge(self, kind: type[Entity], before: float, limit: int = -1) -> int:
        """Remove at most `limit` entities, of a kind with an index on `expires`, that expired before then; how many."""
        # The column is text, and times have ten digits before the point until the year 2286.
        key, source = ", ".join(kind.KEY), source_of(kind, ["expires"])
        over = f"SELECT {key} FROM {source} WHERE expires < ? LIMIT ?"  # noqa: S608
        sql = f"DELETE FROM {layout_of(kind).table} WHERE ({key}) IN ({over})"  # noqa: S608
        with self._lock:
            self._cache.drop_all(kind)
            return self._db.execute(sql, (str(before), limit)).rowcount

    def find(self, kind: type[E], *, limit: int = -1, after: tuple[str, ...] | None = None, **where: str) -> list[E]:
        """Entities whose key or index fields have these values, in key order, from behind key `after` on."""
        question = (limit, after, *where.items())
        known = self._cache.find(kind, question)
        if known is not None:
            return [*known]
        conditions, values = condition(tuple(where)) or "1", list(where.values())
        if after is not None:
            # Only the columns that are still open: over all of them SQLite would filter, and not seek.
            rest = {column: value for column, value in zip(kind.KEY, after, strict=True) if column not in where}
            conditions += f" AND ({', '.join(rest)}) > ({', '.join('?' * len(rest))})"
            values += rest.values()
        source, order = source_of(kind, where), ", ".join(kind.KEY)
        sql = f"SELECT {layout_of(kind).shown} FROM {source} WHERE {conditions} ORDER BY {order} LIMIT ?"  # noqa: S608
        with self._lock:
            found = [read_row(kind, row) for row in self._db.execute(sql, (*values, limit)).fetchall()]
            if self._depth == 0:
                self._cache.keep_list(kind, question, found)
        return [*found]

    def find_prefix(
        self, kind: type[E], field: str, prefix: str, *, limit: int, after: str | None = None, **where: str
    ) -> list[E]:
        """Entities whose `field` starts with `prefix`, in its order, from behind its value `after` on.

        No two of those that `where` selects have the same value.
        """
        begin = ">= ?" if after is None else "> ?"
        conditions = condition((*where,)) + f" AND {field} {begin} AND {field} < ?"
        source = source_of(kind, (*where, field))
        sql = f"SELECT {layout_of(kind).shown} FROM {source} WHERE {conditions} ORDER BY {field} LIMIT ?"  # noqa: S608
        start = prefix if after is None else after
        with self._lock:
            rows = self._db.execute(sql, (*where.values(), start, prefix + "\U0010ffff", limit)).fetchall()
        return [read_row(kind, row) for row in rows]

    def count(self, kind: type[Entity], **where: str) -> int:
        """How many entities have these values."""
        sql = f"SELECT COUNT(*) FROM {source_of(kind, where)} WHERE {condition(tuple(where)) or '1'}"  # noqa: S608
        with self._lock:
            return int(self._db.execute(sql, tuple(where.values())).fetchone()[0])

    def _write(self, entity: Entity, verb: str) -> None:
        layout = layout_of(type(entity))
        try:
            with self._lock:
                self._cache.drop(type(entity), layout.key(entity))
                self._db.execute(verb + layout.insertion, make_row(entity))
        except sqlite3.IntegrityError as error:
            raise AlreadyExistsError(entity) from error

    def _create_tables(self) -> None:
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if found not in (0, FORMAT):
            raise FolderInUseError("the data folder was written by another version; start with a new one, or reset it")
        with self.transaction():
            for kind in self._kinds:
                for statement in definitions(kind):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={FORMAT}")


def claim(folder: Path) -> Any:
    """Hold the folder's lock file for as long as the process lives: two writers would tear the state apart."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise FolderInUseError(f"the data folder {folder} is in use by another server process") from error
    return file


def replaced(entity: E, **changes: Any) -> E:
    """`dataclasses.replace`, typed for entities."""
    return dataclasses.replace(entity, **changes)  # type: ignore[type-var]
