"""Rows: what is stored is read back as it was, also what was written before a field was there."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from localcloud.entity_rows import layout_of, make_row, read_row
from localcloud.store import Entity, Store


@dataclass(frozen=True, slots=True)
class Thing(Entity):
    KEY = ("id",)
    id: str
    size: int
    tags: list[str] = field(default_factory=list)
    note: str = "none"


@dataclass(frozen=True, slots=True)
class Link(Entity):
    KEY = ("there",)
    INDEXES = (("here",),)
    here: str
    there: str


def test_a_row_is_read_as_it_was_written() -> None:
    thing = Thing("a", 1, ["x"], "some")
    row = make_row(thing)
    assert row[0] == "a"
    assert read_row(Thing, row[1:]) == thing


def test_a_field_that_was_not_there_yet_has_its_default() -> None:
    doc = orjson.dumps({"id": "a", "size": 1})
    assert read_row(Thing, (doc,)) == Thing("a", 1)


def test_rows_of_values_are_those_of_entities() -> None:
    """In the order of the fields, whatever the order of the columns."""
    assert layout_of(Link).flat
    store = Store(None, [Link])
    store.insert_rows(Link, [("h1", "t1"), ("h2", "t2")])
    store.insert(Link("h3", "t3"))
    assert store.find(Link) == [Link("h1", "t1"), Link("h2", "t2"), Link("h3", "t3")]
    assert store.find(Link, here="h2") == [Link("h2", "t2")]
    store.close()
