"""What the store keeps of what it has read: never older than what is committed, and never what was undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.store import AlreadyExistsError, Entity, Store, replaced


@dataclass(frozen=True, slots=True)
class Thing(Entity):
    KEY = ("id",)
    INDEXES = (("colour",),)
    CACHED = True
    id: str
    value: int = 0
    colour: str = "red"


@dataclass(frozen=True, slots=True)
class Plain(Entity):
    KEY = ("id",)
    INDEXES = (("colour",),)
    id: str
    value: int = 0
    colour: str = "red"


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
            assert store.find(Thing, colour="red") == [Thing("a", 2)]
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert store.get(Thing, "a") == Thing("a", 1)
    assert store.find(Thing, colour="red") == [Thing("a", 1)]


def test_what_nobody_had_is_found_once_somebody_has_it(store: Store) -> None:
    assert store.get(Thing, "b") is None
    assert store.find(Thing, colour="blue") == []
    store.note_absent(Thing, "c")
    store.insert(Thing("b", 1, "blue"))
    store.insert_all(Thing, [Thing("c", 1, "blue")])
    assert [store.get(Thing, "b"), store.get(Thing, "c")] == store.find(Thing, colour="blue")


def test_a_list_is_the_reader_s_own(store: Store) -> None:
    store.find(Thing, colour="red").clear()
    store.find(Thing, colour="red").clear()
    assert store.find(Thing, colour="red") == [Thing("a", 1)]


def test_clearing_forgets(store: Store) -> None:
    store.clear()
    assert store.get(Thing, "a") is None


def test_whoever_reads_without_the_lock_never_goes_back_in_time(store: Store) -> None:
    seen: list[list[int]] = [[], []]
    done = threading.Event()

    def read(own: list[int]) -> None:
        while not done.is_set():
            own.append(store.find(Thing, colour="red")[0].value)
            own.append((store.get(Thing, "a") or Thing("a")).value)

    threads = [threading.Thread(target=read, args=(own,)) for own in seen]
    for thread in threads:
        thread.start()
    for number in range(2, 500):
        store.put(Thing("a", number))
        assert store.get(Thing, "a") == Thing("a", number)
    done.set()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in seen)


_IDS, _COLOURS = st.sampled_from("abc"), st.sampled_from(("red", "blue"))
_CALLS: st.SearchStrategy[tuple[Any, ...]] = st.one_of(
    st.tuples(st.just("put"), _IDS, st.integers(0, 9), _COLOURS),
    st.tuples(st.just("delete"), _IDS),
    st.tuples(st.just("delete_where"), _COLOURS),
    st.tuples(st.just("insert_all"), _IDS, st.integers(0, 9), _COLOURS),
    st.tuples(st.just("get"), _IDS),
    st.tuples(st.just("find"), _COLOURS, st.sampled_from((1, 2, -1)), st.sampled_from((None, ("a",)))),
    st.tuples(st.sampled_from(("begin", "undo"))),
)


@given(calls=st.lists(_CALLS, max_size=40))
def test_what_is_kept_is_what_would_be_read(calls: list[tuple[Any, ...]]) -> None:
    """The same calls on a kind that is kept and on one that is not."""
    answers = [_answers(kind, calls) for kind in (Thing, Plain)]
    assert answers[0] == answers[1]


def _answers(kind: type[Thing] | type[Plain], calls: list[tuple[Any, ...]]) -> list[Any]:
    store, answers = Store(None, (kind,)), []
    works: dict[str, Callable[..., Any]] = {
        "put": lambda *fields: store.put(kind(*fields)),
        "delete": lambda key: store.delete(kind, key),
        "delete_where": lambda colour: store.delete_where(kind, colour=colour),
        "insert_all": lambda *fields: _tried(lambda: store.insert_all(kind, [kind("z"), kind(*fields)])),
        "get": lambda key: store.get(kind, key),
        "find": lambda colour, limit, after: store.find(kind, limit=limit, after=after, colour=colour),
    }

    def run(rest: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Run what there is, up to the end of the transaction; what is left behind it."""
        while rest:
            (name, *arguments), *rest = rest
            if name == "undo":
                raise _UndoneError(rest)
            if name == "begin":
                rest = _in_transaction(store, run, rest)
            else:
                found = works[name](*arguments)
                answers.append([_fields(one) for one in found] if isinstance(found, list) else _fields(found))
        return rest

    while calls:
        try:
            calls = run(calls)
        except _UndoneError as undone:
            calls = undone.rest
    return answers


class _UndoneError(Exception):
    def __init__(self, rest: list[tuple[Any, ...]]) -> None:
        self.rest = rest


def _in_transaction(store: Store, run: Callable[[Any], Any], rest: list[tuple[Any, ...]]) -> Any:
    with store.transaction():
        return run(rest)


def _tried(work: Callable[[], None]) -> str:
    try:
        work()
    except AlreadyExistsError:
        return "taken"
    return "done"


def _fields(found: Any) -> Any:
    return (found.id, found.value, found.colour) if isinstance(found, Thing | Plain) else found
