"""What is to be tried: each persona, each call, each place, as far as they go together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from localcloud.policy.prove.calls import Call
from localcloud.policy.prove.dynamodb_calls import dynamodb_calls
from localcloud.policy.prove.index_calls import index_calls, index_scans
from localcloud.policy.prove.layout import Kind, Layout, Persona, Place
from localcloud.policy.prove.s3_calls import s3_calls


@dataclass(frozen=True, slots=True)
class Cell:
    """One persona, one call, one place. `home` is the place of its own where the call has its other end."""

    persona: Persona
    call: Call
    place: Place
    home: Place | None = None

    @property
    def id(self) -> str:
        """`ada/s3:GetObject@direct/own files`."""
        return f"{self.persona.name}/{self.call.id}/{self.place.name}"

    @property
    def needs(self) -> tuple[tuple[str, Kind], ...]:
        """The places, by name, and the kinds of access there that must be allowed."""
        home = self.home.name if self.home else ""
        return tuple((self.place.name if where == "here" else home, kind) for where, kind in self.call.needs)

    @property
    def turn(self) -> tuple[bool, bool]:
        """When it comes: what might take the bucket or table from under the others is last."""
        manages = self.call.level == "resource" and self.call.kind == "manage"
        return manages, manages and self.call.operation.name.startswith("Delete")


def cells(layout: Layout, *only: str) -> list[Cell]:
    """All cells, or those whose ids match one of the globs `only`, in their turn."""
    found = [
        cell
        for place in layout.places.values()
        for call in _calls(layout, place)
        for cell in _cells(layout, place, call)
        if not only or any(fnmatchcase(cell.id, glob) for glob in only)
    ]
    return sorted(found, key=lambda cell: cell.turn)


def personas_needed(layout: Layout, planned: list[Cell]) -> list[Persona]:
    """Who has to be there: those who try, and those whose data they try to reach."""
    names: set[str] = set()
    for persona, place in {(cell.persona.name, cell.place.name) for cell in planned}:
        names |= {persona, *_owners(layout, layout.places[place], layout.personas[persona])}
    return [persona for persona in layout.personas.values() if persona.name in names]


def _owners(layout: Layout, place: Place, persona: Persona) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for pattern in (place.pattern or "", *place.indexes.values()):
        found |= layout.needed(pattern, persona) or frozenset()
    return found


def _calls(layout: Layout, place: Place) -> Iterator[Call]:
    level = "resource" if place.pattern is None else "place"
    for call in s3_calls() if place.service == "s3" else dynamodb_calls():
        if call.level == level:
            yield call
    if level == "place":
        for name in place.indexes:
            yield from index_calls(name)
    else:
        same = [other for other in layout.places.values() if other.output == place.output]
        for name in sorted({name for other in same for name in other.indexes}):
            yield from index_scans(name)


def _cells(layout: Layout, place: Place, call: Call) -> Iterator[Cell]:
    home = layout.home(place)
    for persona in layout.personas.values():
        if not _has_meaning(layout, place, persona) or (call.needs_keys and persona.kind == "anonymous"):
            continue
        if not call.goes_home:
            yield Cell(persona, call, place)
        elif home is not None and home != place and _has_meaning(layout, home, persona):
            yield Cell(persona, call, place, home)


def _has_meaning(layout: Layout, place: Place, persona: Persona) -> bool:
    patterns = (place.pattern or "", *place.indexes.values())
    return all(layout.needed(pattern, persona) is not None for pattern in patterns)
