"""Reads a template, YAML or JSON, into nodes that know their line. Made of the parser's events, never of its objects.

Attacks: nesting that overruns the stack (the parser's own tree crashes the process), aliases that multiply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from localcloud.policy.lint.node import Intrinsic, Node, Place
from localcloud.policy.lint.text import plain

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_BYTES = 1_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 60

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = ("", "~", "null", "Null", "NULL")


class TemplateError(Exception):
    """The file is no template. The text says where and why."""


def load(path: Path) -> Node:
    """The whole document, intrinsic functions kept. Raises TemplateError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise TemplateError(f"{path}: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise TemplateError(f"{path}: is larger than 1 MB, which is the most that CloudFormation takes")
    return parse(content, str(path))


def parse(content: bytes, source: str) -> Node:
    """The nodes of a document. Raises TemplateError."""
    try:
        return _Builder(content.decode("utf-8-sig"), source).document()
    except UnicodeDecodeError:
        raise TemplateError(f"{source}: is not text in UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise TemplateError(f"{source}{where}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise TemplateError(f"{source}: {' '.join(str(error).split())}") from None


class _Builder:
    def __init__(self, text: str, source: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, _Loader)
        self._source = source
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._values = 0

    def document(self) -> Node:
        """The first document, which must be the only one."""
        event = next(self._events)
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise TemplateError(f"{self._source}: is empty")
        node = self._node(event, 0)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self._error(event, "a second document begins; a template is one")
        return node

    def _error(self, event: Any, problem: str) -> TemplateError:
        return TemplateError(f"{self._place(event)}: {problem}")

    def _place(self, event: Any) -> Place:
        return Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise self._error(event, f"more than {MAX_VALUES} values, aliases written out")

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise self._error(event, f"nested deeper than {MAX_DEPTH} levels")
        before = self._values
        self._count(event, 1)
        node = _short_form(event.tag, self._untagged(event, depth))
        if event.anchor:
            self._anchors[event.anchor] = node, self._values - before
        return node

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:  # also one that would contain itself
            raise self._error(event, f"alias `{event.anchor}` comes before its anchor is complete")
        node, values = self._anchors[event.anchor]
        self._count(event, values)
        return node

    def _untagged(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            empty = event.implicit[0] and event.value in _NULL  # written without quotes and tag
            return Node(None if empty else plain(event.value), place)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Node(tuple(items), place)
        return self._mapping(place, depth)

    def _mapping(self, place: Place, depth: int) -> Node:
        entries: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key must be text")
            key, value = plain(event.value), self._node(next(self._events), depth + 1)
            if key == "<<" and event.implicit[0]:
                for part in value.each():
                    merged = {**dict(part.entries()), **merged}
                continue
            if key in entries:
                # Of two `Condition`s a reader believes the first, and a parser the second.
                raise self._error(event, f"`{key}` comes twice")
            # What takes lines of its own is known by the line of its key.
            entries[key] = value if isinstance(value.value, str) else Node(value.value, self._place(event))
        return _long_form(Node({**merged, **entries}, place))


def _short_form(tag: str | None, node: Node) -> Node:
    if not tag or not tag.startswith("!") or tag == "!":
        return node
    return Node(Intrinsic(tag[1:], node), node.place)


def _long_form(node: Node) -> Node:
    if isinstance(node.value, Mapping) and len(node.value) == 1:
        ((key, argument),) = node.value.items()
        if key == "Ref" or (key.startswith("Fn::") and not key.startswith("Fn::ForEach")):
            return Node(Intrinsic(key.removeprefix("Fn::"), argument), node.place)
    return node
