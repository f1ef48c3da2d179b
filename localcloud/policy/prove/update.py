"""New expectations out of what was seen: rules for most, exceptions for the rest, so that a person can review them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from localcloud.policy.prove.comparison import in_short
from localcloud.policy.prove.expectations import Exemption, Expectations, Rules
from localcloud.policy.prove.layout import KINDS, Kind
from localcloud.policy.prove.matrix import matrix
from localcloud.policy.prove.outcomes import Outcome

_WIDTH = 118
_PLAIN_ROUTES = ("direct", "no prefix")


def updated(expectations: Expectations, outcomes: Sequence[Outcome], missing: Mapping[str, str]) -> Expectations:
    """The expectations that these outcomes meet. An exception that still holds stays, with its `why`."""
    decided = [outcome for outcome in outcomes if outcome.allowed is not None]
    kept = [exception for exception in expectations.exceptions if _holds(exception, decided)]
    plain = [outcome for outcome in decided if not any(exception.covers(outcome.cell) for exception in kept)]
    excuses = _grouped((why, call) for call, why in in_short(missing, outcomes).items())
    fresh = replace(expectations, allowed=_rules(expectations, plain), exceptions=kept, not_covered=excuses)
    odd = [outcome for outcome in plain if outcome.allowed != fresh.allows(outcome.cell)]
    return replace(fresh, exceptions=[*kept, *_exceptions(odd)])


def render(expectations: Expectations) -> str:
    """The file's text: one line for whatever fits on one."""
    document = {
        "layout": expectations.document["layout"],
        "allowed": _allowed(expectations),
        "exceptions": [_exception(exception) for exception in expectations.exceptions],
        "not_covered": {why: list(calls) for why, calls in expectations.not_covered.items()},
    }
    return _text(document, "") + "\n"


def _holds(exception: Exemption, outcomes: Iterable[Outcome]) -> bool:
    covered = [outcome for outcome in outcomes if exception.covers(outcome.cell)]
    return bool(covered) and all(outcome.allowed == exception.allowed for outcome in covered)


def _rules(expectations: Expectations, outcomes: Sequence[Outcome]) -> Rules:
    """A kind is allowed where most plain calls of it are: other ways and rarer operations are the exceptions."""
    votes: dict[tuple[str, str, Kind], int] = {}
    for outcome in outcomes:
        if outcome.cell.call.route in _PLAIN_ROUTES:
            vote = (outcome.cell.persona.name, outcome.cell.place.name, outcome.cell.call.kind)
            votes[vote] = votes.get(vote, 0) + (1 if outcome.allowed else -1)
    tried = matrix(outcomes)
    return {
        persona: {
            place: frozenset(kind for kind in KINDS if votes.get((persona, place, kind), 0) > 0)
            for place in expectations.layout.places
            if (persona, place) in tried
        }
        for persona in expectations.layout.personas
    }


def _exceptions(odd: Iterable[Outcome]) -> list[Exemption]:
    """Calls that are odd in the same places for the same personas make one exception."""
    places: dict[tuple[str, bool, str], list[str]] = {}
    for outcome in odd:
        cell = outcome.cell
        places.setdefault((cell.call.id, bool(outcome.allowed), cell.persona.name), []).append(cell.place.name)
    personas = _grouped(((call, allowed, tuple(where)), who) for (call, allowed, who), where in places.items())
    calls = _grouped(((allowed, where, who), call) for (call, allowed, where), who in personas.items())
    return [Exemption(who, where, tuple(found), allowed) for (allowed, where, who), found in calls.items()]


def _grouped(pairs: Iterable[tuple[Any, str]]) -> dict[Any, tuple[str, ...]]:
    found: dict[Any, tuple[str, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


def _allowed(expectations: Expectations) -> dict[str, Any]:
    """Whoever may do what somebody before may is named after that one."""
    written: dict[str, Any] = {}
    for persona, places in expectations.allowed.items():
        same = next((name for name in written if expectations.allowed[name] == places), None)
        written[persona] = same or {place: [kind for kind in KINDS if kind in kinds] for place, kinds in places.items()}
    return written


def _exception(exception: Exemption) -> Mapping[str, Any]:
    return {
        "who": list(exception.who),
        "where": list(exception.where),
        "calls": list(exception.calls),
        "expected": "allowed" if exception.allowed else "denied",
        "why": exception.why,
    }


def _text(value: Any, indent: str) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return f"[\n{_filled(value, inner)}\n{indent}]"
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _text(entry, inner) for entry in value) + f"\n{indent}]"
    members = [f"{inner}{json.dumps(name, ensure_ascii=False)}: {_text(entry, inner)}" for name, entry in value.items()]
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"


def _filled(texts: Iterable[str], indent: str) -> str:
    """Texts in as few lines as they fit on."""
    lines = [indent]
    for text in texts:
        entry = json.dumps(text, ensure_ascii=False) + ", "
        if len(lines[-1]) + len(entry) > _WIDTH and lines[-1].strip():
            lines.append(indent)
        lines[-1] += entry
    return "\n".join(line.rstrip() for line in lines).rstrip(",")
