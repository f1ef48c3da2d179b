"""What the store keeps of kinds that are few: never older than what is committed, and never what was undone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from localcloud.store import Entity, Store, replaced


@dataclass(frozen=True, slots=True)
class Thing(Entity):
    KEY = ("id",)
    CACHED = True
    id: str
    value: int


@pytest.fixture
def store() -> Store:
    store = Store(None, (Thing,))
    store.put(Thing("a", 1))
    assert store.get(Thing, "a") == Thing("a", 1)
    return store


def test_a_change_is_seen_at_once(store: Store) -> None:
    store.update(Thing, ("a",), lambda thing: replaced(thing, value=2))
    assert store.get(Thing, "a") == Thing("a", 2)
    store.delete(Thing, "a")
    assert store.get(Thing, "a") is None


def test_a_change_is_seen_inside_its_transaction_and_gone_when_undone(store: Store) -> None:
    def change_and_fail() -> None:
        with store.transaction():
            store.put(Thing("a", 2))
            assert store.get(Thing, "a") == Thing("a", 2)
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert store.get(Thing, "a") == Thing("a", 1)


def test_clearing_forgets(store: Store) -> None:
    store.clear()
    assert store.get(Thing, "a") is None
