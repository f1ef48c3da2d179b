"""Entities as rows: the table of each kind, its columns and indexes, and what a row holds.

A kind whose fields are all text, and all columns, is kept in them alone; any other has a document beside them.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

if TYPE_CHECKING:
    from localcloud.store import Entity

E = TypeVar("E", bound="Entity")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kind is kept: `columns` are the fields of its key and its indexes, once each.

    `shown` is what `read_row` needs to be selected, `flat` whether there is no document behind the columns.
    """

    table: str
    columns: tuple[str, ...]
    shown: str
    flat: bool

    def insertion(self, verb: str) -> str:
        """The statement that stores what `make_row` gives."""
        return f"{verb} INTO {self.table} VALUES ({', '.join('?' * (len(self.columns) + 1))})"


_layouts: dict[type[Any], Layout] = {}


def layout_of(kind: type[Entity]) -> Layout:
    """The layout of a kind, worked out once."""
    found = _layouts.get(kind)
    if found is None:
        fields = {field.name: field.type for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
        columns = tuple(dict.fromkeys((*kind.KEY, *itertools.chain.from_iterable(kind.INDEXES))))
        flat = fields.keys() == {*columns} and {*fields.values()} == {"str"}
        shown = ", ".join(fields) if flat else "doc"
        found = _layouts[kind] = Layout("t_" + kind.__name__.lower(), columns, shown, flat)
    return found


def definitions(kind: type[Entity]) -> Iterator[str]:
    """The statements that make its table and its indexes, where they are missing."""
    layout = layout_of(kind)
    columns = ", ".join(f"{column} TEXT NOT NULL" for column in layout.columns)
    key = f"PRIMARY KEY ({', '.join(kind.KEY)})"
    yield f"CREATE TABLE IF NOT EXISTS {layout.table} ({columns}, doc BLOB NOT NULL, {key}) WITHOUT ROWID"
    for index in kind.INDEXES:
        yield f"CREATE INDEX IF NOT EXISTS {_index(kind, index)} ON {layout.table} ({', '.join(index)})"


def source_of(kind: type[Entity], where: Iterable[str]) -> str:
    """The table, with the index to read it by: left alone, SQLite would rather scan a whole pool in key order."""
    wanted, table = set(where), layout_of(kind).table
    if not wanted or set(kind.KEY[: len(wanted)]) == wanted:
        return table
    for index in kind.INDEXES:
        if set(index[: len(wanted)]) == wanted:
            return f"{table} INDEXED BY {_index(kind, index)}"
    return table


def condition(columns: Iterable[str]) -> str:
    """What selects the rows with given values in these columns."""
    return " AND ".join(f"{column} = ?" for column in columns)


def make_row(entity: Entity) -> tuple[Any, ...]:
    """An entity as it is stored."""
    layout = layout_of(type(entity))
    doc = b"" if layout.flat else orjson.dumps(entity)
    return (*[getattr(entity, column) for column in layout.columns], doc)


def read_row(kind: type[E], row: tuple[Any, ...]) -> E:
    """The entity that was stored."""
    return kind(*row) if layout_of(kind).flat else kind(**orjson.loads(row[0]))


def _index(kind: type[Entity], columns: tuple[str, ...]) -> str:
    return f"{layout_of(kind).table}_by_{'_'.join(columns)}"
