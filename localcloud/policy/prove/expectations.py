"""What is meant to be allowed: by persona, place and kind of access, with exceptions. The rest is denied."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from localcloud.policy.prove.cells import Cell
from localcloud.policy.prove.layout import (
    KINDS,
    ExpectationsError,
    Kind,
    Layout,
    mapping,
    read_layout,
    refuse_unknown,
)

Rules = Mapping[str, Mapping[str, frozenset[Kind]]]
"""By persona and place: the kinds of access that are allowed."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """Calls that are not as the rules have them: globs of personas, of places, and of calls (`s3:GetObject@direct`)."""

    who: tuple[str, ...]
    where: tuple[str, ...]
    calls: tuple[str, ...]
    allowed: bool
    why: str = ""

    def covers(self, cell: Cell) -> bool:
        """Whether it is about this cell."""
        return (
            _matches(self.who, cell.persona.name)
            and _matches(self.where, cell.place.name)
            and _matches(self.calls, cell.call.id)
        )


@dataclass(frozen=True, slots=True)
class Expectations:
    """One expectations file."""

    layout: Layout
    allowed: Rules = field(default_factory=dict)
    exceptions: Sequence[Exemption] = ()
    not_covered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def allows(self, cell: Cell) -> bool:
        """Whether a cell is meant to be allowed: the first exception about it counts, else the rules."""
        for exception in self.exceptions:
            if exception.covers(cell):
                return exception.allowed
        # Everything that the cell needs, in each place that it touches.
        places = self.allowed.get(cell.persona.name, {})
        return bool(cell.needs) and all(kind in places.get(place, ()) for place, kind in cell.needs)


def load(path: Path) -> Expectations:
    """Read an expectations file. Raises ExpectationsError, which says what is wrong with it."""
    try:
        document = json.loads(path.read_text())
    except OSError as error:
        raise ExpectationsError(f"{path} cannot be read: {error.strerror}; it must have a layout at least") from error
    except ValueError as error:
        raise ExpectationsError(f"{path} is not JSON: {error}") from error
    try:
        return read(document)
    except ExpectationsError as error:
        raise ExpectationsError(f"{path}: {error}") from error


def read(document: Any) -> Expectations:
    """The expectations of a document. Raises ExpectationsError."""
    refuse_unknown("the file", document, {"layout", "allowed", "exceptions", "not_covered"})
    layout = read_layout(mapping(document, "layout", "the file"))
    exceptions = [_exception(entry) for entry in document.get("exceptions", ())]
    not_covered = {why: tuple(calls) for why, calls in document.get("not_covered", {}).items()}
    return Expectations(layout, _rules(layout, document.get("allowed", {})), exceptions, not_covered, document)


def _rules(layout: Layout, document: Mapping[str, Any]) -> Rules:
    refuse_unknown("allowed", document, layout.personas)
    rules: dict[str, Mapping[str, frozenset[Kind]]] = {}
    for persona, places in document.items():
        # A name stands for "the same as that one", which must come before.
        if isinstance(places, str):
            if places not in rules:
                raise ExpectationsError(f"allowed: {persona!r} is to be as {places!r}, who does not come before")
            rules[persona] = rules[places]
            continue
        refuse_unknown(f"allowed: {persona!r}", places, layout.places)
        rules[persona] = {place: _kinds(persona, place, kinds) for place, kinds in places.items()}
    return rules


def _kinds(persona: str, place: str, kinds: Any) -> frozenset[Kind]:
    if not isinstance(kinds, list) or not set(kinds) <= set(KINDS):
        raise ExpectationsError(f"allowed: {persona!r}, {place!r}: {kinds!r} must be a list of {', '.join(KINDS)}")
    return frozenset(kinds)


def _exception(entry: Any) -> Exemption:
    refuse_unknown("an exception", entry, {"who", "where", "calls", "expected", "why"})
    expected = entry.get("expected")
    if expected not in ("allowed", "denied"):
        raise ExpectationsError(f"an exception's 'expected' is {expected!r}, neither allowed nor denied")
    who, where, calls = (_globs(entry, name) for name in ("who", "where", "calls"))
    return Exemption(who, where, calls, expected == "allowed", entry.get("why", ""))


def _globs(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = entry.get(name, ["*"])
    if not isinstance(found, list) or not found:
        raise ExpectationsError(f"an exception's {name!r} must be a list of names, not {found!r}")
    return tuple(found)


def _matches(globs: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
