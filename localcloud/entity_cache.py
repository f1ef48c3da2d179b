"""Entities that were read, kept for the next reader: of the kinds that most calls read, and few change.

What is found here takes no lock and no SQL. Among many threads that is most of what a read costs: each of SQLite's
calls gives the interpreter away, and whoever gets it has work of his own to do first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localcloud.store import Entity

UNREAD: Any = object()
"""Nothing is known of that key; None says that nobody has it."""

_MOST = 1_024
"""Entities of a kind, and lists: a few megabytes, however many users there are."""
_LONGEST = 8
"""A longer list is a page of many, which nobody reads twice."""

_Question = tuple[Any, ...]


class _Kept:
    """What is kept of one kind: entities by their keys, lists by what they answer."""

    def __init__(self) -> None:
        self.entities: dict[_Question, Any] = {}
        self.lists: dict[_Question, Any] = {}


class EntityCache:
    """Read without a lock; changed by whoever holds the store's."""

    def __init__(self, kinds: Iterable[type[Entity]]) -> None:
        self._kinds = {kind: _Kept() for kind in kinds if kind.CACHED}

    def get(self, kind: type[Entity], key: tuple[str, ...]) -> Any:
        """The entity, None, or UNREAD."""
        kept = self._kinds.get(kind)
        return UNREAD if kept is None else kept.entities.get(key, UNREAD)

    def find(self, kind: type[Entity], question: _Question) -> Sequence[Any] | None:
        """The list, or None where nothing is known."""
        kept = self._kinds.get(kind)
        return None if kept is None else kept.lists.get(question)

    def keep(self, kind: type[Entity], key: tuple[str, ...], found: Entity | None) -> None:
        """Remember what was read, if it is of a kind to keep."""
        kept = self._kinds.get(kind)
        if kept is not None:
            _remember(kept.entities, key, found)

    def keep_list(self, kind: type[Entity], question: _Question, found: Sequence[Entity]) -> None:
        """Remember what was found, if it is of a kind to keep and short."""
        kept = self._kinds.get(kind)
        if kept is not None and len(found) <= _LONGEST:
            _remember(kept.lists, question, found)

    def drop(self, kind: type[Entity], key: tuple[str, ...]) -> None:
        """Before an entity changes, forget it and all lists: whoever reads then waits for the lock, and reads anew."""
        kept = self._kinds.get(kind)
        if kept is not None:
            kept.entities.pop(key, None)
            kept.lists.clear()

    def drop_all(self, kind: type[Entity]) -> None:
        """Before many entities of a kind change, forget them all."""
        if kind in self._kinds:
            self._kinds[kind] = _Kept()


def _remember(answers: dict[_Question, Any], question: _Question, answer: Any) -> None:
    if len(answers) >= _MOST:
        answers.clear()
    answers[question] = answer
