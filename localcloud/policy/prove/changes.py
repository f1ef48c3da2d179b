"""What an update changes in the expectations, in lines that a person can judge."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from localcloud.policy.prove.expectations import Exemption, Expectations
from localcloud.policy.prove.layout import KINDS, Kind


def changes(before: Expectations, after: Expectations) -> Iterator[str]:
    """A line for each: what somebody may do somewhere, an exception, a call that is not covered."""
    for persona, places in after.allowed.items():
        for place, kinds in places.items():
            old = before.allowed.get(persona, {}).get(place, frozenset())
            if old != kinds:
                yield f"{persona}, {place}: {_kinds(old)} -> {_kinds(kinds)}"
    yield from _lines("exception", [*map(_text, before.exceptions)], [*map(_text, after.exceptions)])
    yield from _lines("not covered", _calls(before), _calls(after))


def _lines(what: str, before: Collection[str], after: Collection[str]) -> Iterator[str]:
    yield from (f"{what} goes: {text}" for text in before if text not in after)
    yield from (f"{what} comes: {text}" for text in after if text not in before)


def _kinds(kinds: frozenset[Kind]) -> str:
    return ", ".join(kind for kind in KINDS if kind in kinds) or "nothing"


def _text(exception: Exemption) -> str:
    outcome = "allowed" if exception.allowed else "denied"
    who, where, calls = (", ".join(names) for names in (exception.who, exception.where, exception.calls))
    return f"{who} in {where}: {calls}: {outcome}"


def _calls(expectations: Expectations) -> list[str]:
    return [call for calls in expectations.not_covered.values() for call in calls]
