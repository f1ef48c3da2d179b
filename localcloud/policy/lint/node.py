"""The values of a template or of a live stack, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.policy.lint.text import is_known


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column (from 1) of a template; or, of a live stack, a document and the JSON path in it."""

    source: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"{self.source}: {self.path}" if self.path else f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """A function of CloudFormation as written; `name` without `Fn::`."""

    name: str
    argument: Node


@dataclass(frozen=True, slots=True)
class Node:
    """One value: text as written (numbers and truth values too), None, a list, a mapping, or an intrinsic function.

    What is not there is a node too: its value is None, and its place is that of what should have held it.
    """

    value: str | Intrinsic | tuple[Node, ...] | Mapping[str, Node] | None
    place: Place

    def get(self, *path: str) -> Node:
        """The value under these keys."""
        found = self
        for key in path:
            inner = found.value.get(key) if isinstance(found.value, Mapping) else None
            found = inner or Node(None, found.place)
        return found

    @property
    def text(self) -> str:
        """The text; empty where the value is something else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def exists(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def is_true(self) -> bool:
        """Whether it is a known yes, as YAML and JSON spell it."""
        return self.text.lower() in ("true", "yes", "on")

    def each(self) -> tuple[Node, ...]:
        """The items of a list; anything else that is there is a list of one, as in policies."""
        if isinstance(self.value, tuple):
            return self.value
        return (self,) if self.exists else ()

    def texts(self) -> tuple[Node, ...]:
        """Those of `each` that are text."""
        return tuple(node for node in self.each() if isinstance(node.value, str))

    def entries(self) -> tuple[tuple[str, Node], ...]:
        """The entries of a mapping; nothing for anything else."""
        return tuple(self.value.items()) if isinstance(self.value, Mapping) else ()

    def walk(self) -> Iterator[Node]:
        """This node and all inside."""
        yield self
        if isinstance(self.value, tuple):
            inner: tuple[Node, ...] = self.value
        elif isinstance(self.value, Mapping):
            inner = tuple(self.value.values())
        else:
            inner = (self.value.argument,) if isinstance(self.value, Intrinsic) else ()
        for node in inner:
            yield from node.walk()

    @property
    def known(self) -> bool:
        """Whether no text in here depends on what only a deploy knows."""
        return all(is_known(node.text) for node in self.walk())


def from_json(value: Any, source: str, path: str = "$") -> Node:
    """The nodes of what an AWS API answered with."""
    place = Place(source, path=path)
    if isinstance(value, Mapping):
        return Node({str(k): from_json(v, source, f"{path}{_step(str(k))}") for k, v in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node(tuple(from_json(item, source, f"{path}[{at}]") for at, item in enumerate(value)), place)
    if isinstance(value, bool):
        return Node(str(value).lower(), place)
    return Node(None if value is None else str(value), place)


def _step(key: str) -> str:
    return f".{key}" if key.replace("_", "").isalnum() else f"['{key}']"
