"""Many entities at once: stored together or not at all, and asked for by many values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from localcloud.store import AlreadyExistsError, Store
from localcloud.userpool.models import Alias


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(None, [Alias])
    yield made
    made.close()


def alias(value: str, pool: str = "p", name: str = "email") -> Alias:
    return Alias(pool, name, value, f"sub of {value}")


def test_all_are_stored_or_none(store: Store) -> None:
    store.insert_all(Alias, (alias(value) for value in "abc"))
    with pytest.raises(AlreadyExistsError) as caught:
        store.insert_all(Alias, [alias("d"), alias("b"), alias("e")])
    assert caught.value.entity == alias("b")
    assert store.find(Alias) == [alias(value) for value in "abc"]
    store.insert_all(Alias, [])


def test_those_that_are_there_are_found_in_one_go(store: Store) -> None:
    store.insert_all(Alias, [alias("a"), alias("b"), alias("c", name="phone_number"), alias("d", pool="q")])
    wanted = ["a", "b", "c", "d", "e", "' OR 1=1 --", "a", "é\0"]
    assert store.present(Alias, "value", wanted, pool_id="p", name="email") == {"a", "b"}
    assert store.present(Alias, "value", [], pool_id="p", name="email") == set()
    found = store.among(Alias, "value", wanted, pool_id="p", name="email")
    assert sorted(one.value for one in found) == ["a", "b"]
