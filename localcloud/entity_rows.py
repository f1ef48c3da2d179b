"""Entities as rows: the table of each kind, its columns and indexes, and what a row holds.

A kind whose fields are all text, and all columns, is kept in them alone; any other has a document beside them.
"""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

if TYPE_CHECKING:
    from localcloud.store import Entity

E = TypeVar("E", bound="Entity")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kind is kept: `columns` are the fields of its key and its indexes, once each.

    `shown` is what `read_row` needs to be selected, `flat` whether there is no document behind the columns. `selection`
    is the statement that reads the entity of a key, `insertion` the one that stores what `make_row` gives, but for its
    verb. `key` and `values` read the key and the columns of an entity, `setters` write each field of a new one.
    """

    table: str
    columns: tuple[str, ...]
    shown: str
    flat: bool
    selection: str
    insertion: str
    key: Callable[[Any], tuple[Any, ...]]
    values: Callable[[Any], tuple[Any, ...]]
    setters: tuple[tuple[str, Callable[[Any, Any], None]], ...]

    def bare_insertion(self) -> str:
        """The statement that stores the values of the fields, in their order; for a flat kind only."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.table} ({self.shown}, doc) VALUES ({marks}, x'')"  # noqa: S608 (names of fields)


_layouts: dict[type[Any], Layout] = {}


def layout_of(kind: type[Entity]) -> Layout:
    """The layout of a kind, worked out once."""
    found = _layouts.get(kind)
    if found is None:
        fields = {field.name: field.type for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
        columns = tuple(dict.fromkeys((*kind.KEY, *itertools.chain.from_iterable(kind.INDEXES))))
        flat = fields.keys() == {*columns} and {*fields.values()} == {"str"}
        shown = ", ".join(fields) if flat else "doc"
        setters = tuple((name, getattr(kind, name).__set__) for name in fields)
        table = "t_" + kind.__name__.lower()
        selection = f"SELECT {shown} FROM {table} WHERE {condition(kind.KEY)}"  # noqa: S608 (names of fields)
        insertion = f" INTO {table} VALUES ({', '.join('?' * (len(columns) + 1))})"
        key, values = _reader(kind.KEY), _reader(columns)
        found = _layouts[kind] = Layout(table, columns, shown, flat, selection, insertion, key, values, setters)
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
    return (*layout.values(entity), doc)


def read_row(kind: type[E], row: tuple[Any, ...]) -> E:
    """The entity that was stored."""
    layout = layout_of(kind)
    if layout.flat:
        return kind(*row)
    fields = orjson.loads(row[0])
    if len(fields) < len(layout.setters):
        return kind(**fields)  # written before a field with a default was there
    # Thrice as quick as `kind(**fields)`: a frozen dataclass sets each of its fields through a general setter.
    entity = object.__new__(kind)
    for name, set_field in layout.setters:
        set_field(entity, fields[name])
    return entity


def _reader(columns: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    # Of a single name, `attrgetter` gives the bare value.
    read = operator.attrgetter(*columns)
    return read if len(columns) > 1 else lambda entity: (read(entity),)


def _index(kind: type[Entity], columns: tuple[str, ...]) -> str:
    return f"{layout_of(kind).table}_by_{'_'.join(columns)}"
