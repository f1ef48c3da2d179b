"""A small layout, and outcomes of its cells as a cloud would give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localcloud.policy.prove.cells import Cell, cells
from localcloud.policy.prove.expectations import Expectations, read
from localcloud.policy.prove.outcomes import Check, Outcome
from localcloud.policy.prove.pools import Person

LAYOUT: Mapping[str, Any] = {
    "personas": {"ada": {"kind": "user"}, "bob": {"kind": "user"}, "guest": {"kind": "guest"}},
    "places": {
        "own files": {"bucket": "Bucket", "key": "private/{self}/"},
        "others' files": {"bucket": "Bucket", "key": "private/{other}/"},
        "bucket": {"bucket": "Bucket"},
        "own items": {"table": "Table", "partition": "{self}"},
        "others' items": {"table": "Table", "partition": "{other}"},
        "table": {"table": "Table"},
    },
}
PEOPLE = {name: Person(None, {"self": name}) for name in LAYOUT["personas"]}


def expectations(**more: Any) -> Expectations:
    """Expectations with that layout."""
    return read({"layout": LAYOUT, **more})


def planned(only: str = "*") -> list[Cell]:
    """The cells of the layout that match."""
    return cells(expectations().layout, only)


def cell(id_: str) -> Cell:
    """The cell of that id."""
    (found,) = planned(id_.replace("[", "[[]"))
    return found


def decided(found: Cell, allowed: bool, why: str = "a/B") -> Outcome:
    """The outcome of a cell that IAM decided."""
    check = Check("s:A", "arn", "Allowed" if allowed else "ImplicitDeny", (why,))
    return Outcome(found, allowed, why, 200 if allowed else 403, "" if allowed else "AccessDenied", (check,))


def outcomes(found: Sequence[Cell], allowed: Callable[[Cell], bool]) -> list[Outcome]:
    """The outcome of each cell."""
    return [decided(each, allowed(each)) for each in found]
