"""Outcomes against expectations. Any difference fails: a cell, a way to keys, a call that is not covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from localcloud.policy.prove.expectations import Expectations
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.pools import Person


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where outcomes and expectations differ.

    `opened` are cells that are allowed and should not be, `closed` the other way round; `entries` the wrong ways to
    keys that are open (who, by which way); `uncovered` calls that nobody excused, with the reason; `stale` excuses.
    """

    opened: Sequence[Outcome]
    closed: Sequence[Outcome]
    entries: Sequence[tuple[str, str]]
    uncovered: Mapping[str, str]
    stale: Sequence[str]

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(map(len, (self.opened, self.closed, self.entries, self.uncovered, self.stale)))


def compare(
    expectations: Expectations,
    outcomes: Sequence[Outcome],
    missing: Mapping[str, str],
    people: Mapping[str, Person],
    *,
    complete: bool,
) -> Comparison:
    """All differences. `missing` is what is not covered; `complete`: everything was tried, so excuses can be stale."""
    wrong = [o for o in outcomes if o.is_broken or o.allowed not in (None, expectations.allows(o.cell))]
    excuses = {excuse for calls in expectations.not_covered.values() for excuse in calls}
    used = {call: excuses & {call, _operation(call)} for call in missing}
    return Comparison(
        opened=[outcome for outcome in wrong if outcome.allowed],
        closed=[outcome for outcome in wrong if not outcome.allowed],
        entries=[(name, way) for name, person in people.items() for way, refusal in person.attempts if not refusal],
        uncovered={call: why for call, why in missing.items() if not used[call]},
        stale=sorted(excuses - set().union(*used.values())) if complete else [],
    )


def not_covered(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Calls on which nothing was decided, and why: for everybody, or for those who are named."""
    decided: dict[str, set[str]] = {}
    undecided: dict[str, dict[str, str]] = {}
    for outcome in outcomes:
        call, persona = outcome.cell.call.id, outcome.cell.persona.name
        if outcome.allowed is None:
            undecided.setdefault(call, {})[persona] = outcome.why
        elif outcome.checks:
            decided.setdefault(call, set()).add(persona)
    found: dict[str, str] = {}
    for call, reasons in undecided.items():
        if call in decided:
            found |= {f"{call} by {persona}": why for persona, why in reasons.items()}
        else:
            found[call] = next(iter(reasons.values()))
    return dict(sorted(found.items()))


def in_short(missing: Mapping[str, str], outcomes: Iterable[Outcome]) -> dict[str, str]:
    """What is not covered, an operation in a word where none of its routes is."""
    decided = {_operation(outcome.cell.call.id) for outcome in outcomes if outcome.checks}
    return {call if _operation(call) in decided else _operation(call): why for call, why in missing.items()}


def _operation(call: str) -> str:
    return call.partition("@")[0]
