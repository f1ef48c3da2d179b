"""Who tries, and where: the personas and places that an expectations file declares. No template is known in code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["read", "list", "write", "delete", "manage"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of access. `manage` is whatever is more than content: lists of control, tags, locks, versions, settings."""

PersonaKind = Literal["user", "guest", "merged", "expired", "stranger", "anonymous"]
_OUTPUTS = {"user_pool": "UserPoolId", "app_client": "AppClientId", "identity_pool": "IdentityPoolId"}
_VARIABLE = re.compile(r"\{([^{}]+)\}")


class ExpectationsError(Exception):
    """An expectations file that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who tries.

    A `user` has signed in; `merged` was a guest first, and its user had an identity already; `expired` is a user
    whose keys have run out; a `stranger` is a user of another pool; `anonymous` has no keys and signs nothing.
    """

    name: str
    kind: PersonaKind
    groups: tuple[str, ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """What patterns may say of this persona: `self` (its identity id), `self.sub`, `self.before`."""
        if self.kind == "anonymous":
            return frozenset()
        if self.kind == "guest":
            return frozenset({"self"})
        return frozenset({"self", "self.sub", "self.before"} if self.kind == "merged" else {"self", "self.sub"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where data is: keys with a prefix in a bucket, or a partition of a table. No pattern: the bucket or table itself.

    `output` is the stack output that names the bucket or table; `indexes` has a partition for each index of the table.
    """

    name: str
    service: Literal["s3", "dynamodb"]
    output: str
    pattern: str | None = None
    indexes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether it belongs to whoever tries."""
        return self.pattern is not None and "{self}" in self.pattern


@dataclass(frozen=True, slots=True)
class Layout:
    """All personas and places by name, and the outputs that name the pools."""

    personas: Mapping[str, Persona]
    places: Mapping[str, Place]
    outputs: Mapping[str, str]

    def other(self, persona: str) -> str:
        """The persona that `{other}` means: the first user who is somebody else."""
        return next((p.name for p in self.personas.values() if p.kind == "user" and p.name != persona), "")

    def needed(self, pattern: str, persona: Persona) -> frozenset[str] | None:
        """The personas whose ids a pattern takes; None where it has no meaning for this persona, or means its own."""
        found = set()
        for name, variable in map(self._owner(persona), _VARIABLE.findall(pattern)):
            owner = self.personas.get(name)
            if owner is None or variable not in owner.variables:
                return None
            found.add(name)
        # Its own data under its own name: that is what `{self}` is for. What it had before a merge is another place.
        named = {f"{{{persona.name}}}", f"{{{persona.name}.sub}}"}
        return None if any(name in pattern for name in named) else frozenset(found)

    def resolve(self, pattern: str, persona: Persona, ids: Mapping[str, Mapping[str, str]]) -> str:
        """The pattern with its variables filled in; `ids` has `self`, `self.sub` … by persona."""

        def value(found: re.Match[str]) -> str:
            name, variable = self._owner(persona)(found[1])
            return ids[name][variable]

        return _VARIABLE.sub(value, pattern)

    def home(self, place: Place) -> Place | None:
        """The first place of one's own in the same bucket or table: the other end of copies and mixed calls."""
        same = (p for p in self.places.values() if p.is_own and (p.service, p.output) == (place.service, place.output))
        return next(same, None)

    def _owner(self, persona: Persona) -> Callable[[str], tuple[str, str]]:
        def split(variable: str) -> tuple[str, str]:
            name, dot, rest = variable.partition(".")
            name = {"self": persona.name, "other": self.other(persona.name)}.get(name, name)
            return name, f"self{dot}{rest}"

        return split


def read_layout(document: Mapping[str, Any]) -> Layout:
    """The layout of an expectations file. Raises ExpectationsError."""
    refuse_unknown("layout", document, {"personas", "places", "outputs"})
    personas = {name: _persona(name, entry) for name, entry in mapping(document, "personas", "layout").items()}
    places = {name: _place(name, entry) for name, entry in mapping(document, "places", "layout").items()}
    outputs = {**_OUTPUTS, **document.get("outputs", {})}
    refuse_unknown("layout.outputs", outputs, _OUTPUTS.keys())
    layout = Layout(personas, places, outputs)
    for place in places.values():
        for variable in _VARIABLE.findall(place.pattern or ""):
            name = variable.partition(".")[0]
            if name not in {"self", "other", *personas}:
                raise ExpectationsError(f"place {place.name!r}: {{{variable}}} is nobody")
    return layout


def mapping(document: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    """A member that must be an object. Raises ExpectationsError."""
    found = document.get(name)
    if not isinstance(found, dict):
        raise ExpectationsError(f"{where}: {name!r} must be an object")
    return found


def refuse_unknown(where: str, document: Any, known: Any) -> None:
    """Raise ExpectationsError unless it is an object with no other members than these."""
    if not isinstance(document, dict):
        raise ExpectationsError(f"{where} must be an object")
    unknown = sorted(document.keys() - set(known))
    if unknown:
        raise ExpectationsError(f"{where}: unknown {', '.join(map(repr, unknown))}")


def _persona(name: str, entry: Any) -> Persona:
    refuse_unknown(f"persona {name!r}", entry, {"kind", "groups"})
    kind = entry.get("kind")
    if kind not in get_args(PersonaKind):
        raise ExpectationsError(f"persona {name!r}: kind {kind!r} is none of {', '.join(get_args(PersonaKind))}")
    return Persona(name, kind, tuple(entry.get("groups", ())))


def _place(name: str, entry: Any) -> Place:
    refuse_unknown(f"place {name!r}", entry, {"bucket", "key", "table", "partition", "indexes"})
    if "bucket" in entry and not entry.keys() & {"table", "partition", "indexes"}:
        return Place(name, "s3", entry["bucket"], entry.get("key"))
    if "table" in entry and not entry.keys() & {"bucket", "key"}:
        return Place(name, "dynamodb", entry["table"], entry.get("partition"), entry.get("indexes", {}))
    raise ExpectationsError(f"place {name!r} must have a bucket and key, or a table and partition")
