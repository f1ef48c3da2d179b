"""The short of it: for each persona and place, which kinds of access get through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from localcloud.policy.prove.layout import KINDS, Kind
from localcloud.policy.prove.outcomes import Outcome

Level = Literal["all", "some", "none"]


@dataclass(frozen=True, slots=True)
class Field:
    """One persona in one place: by kind of access whether all calls, some, or none get through. Not tried: absent."""

    persona: str
    place: str
    outcomes: Sequence[Outcome]
    levels: Mapping[Kind, Level]

    @property
    def letters(self) -> str:
        """`Rl-d-`: a capital where every call gets through, a small letter where some do, `-` where none does."""
        return "".join(
            {"all": kind[0].upper(), "some": kind[0], "none": "-", None: " "}[self.levels.get(kind)] for kind in KINDS
        )


def matrix(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], Field]:
    """The fields by persona and place."""
    grouped: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.allowed is not None:
            grouped.setdefault((outcome.cell.persona.name, outcome.cell.place.name), []).append(outcome)
    return {key: Field(*key, found, _levels(found)) for key, found in grouped.items()}


def _levels(outcomes: Iterable[Outcome]) -> dict[Kind, Level]:
    seen: dict[Kind, set[bool]] = {}
    for outcome in outcomes:
        seen.setdefault(outcome.cell.call.kind, set()).add(bool(outcome.allowed))
    return {kind: "some" if len(found) == 2 else "all" if True in found else "none" for kind, found in seen.items()}
