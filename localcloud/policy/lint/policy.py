"""Policy documents as the rules look at them: what is malformed is left out here, and refused by IAM."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from localcloud.policy.lint.node import Node, Place
from localcloud.policy.lint.text import covers, is_known, variables

Kind = Literal["identity", "resource", "trust"]

_OPERATOR = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, in lower case: `over` is `forallvalues`, `foranyvalue` or empty."""

    written: str
    written_key: str
    operator: str
    over: str
    if_exists: bool
    key: str
    values: tuple[Node, ...]
    operator_place: Place
    place: Place

    @property
    def negated(self) -> bool:
        """Whether it holds where no value matches, and where the key is absent."""
        return "not" in self.operator

    @property
    def needs_key(self) -> bool:
        """`Null` with `false`: the key must be there; or so it may be, where the value is not known."""
        return self.operator == "null" and all(node.text.lower() == "false" or not node.known for node in self.values)

    @property
    def known(self) -> bool:
        """Whether all values are known."""
        return all(node.known for node in self.values)


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    policy: Policy
    node: Node

    @cached_property
    def allows(self) -> bool:
        """Whether its effect is Allow."""
        return self.node.get("Effect").text == "Allow"

    @cached_property
    def denies(self) -> bool:
        """Whether its effect is Deny."""
        return self.node.get("Effect").text == "Deny"

    @cached_property
    def actions(self) -> tuple[Node, ...]:
        """The entries of Action."""
        return self.node.get("Action").texts()

    @cached_property
    def resources(self) -> tuple[Node, ...]:
        """The entries of Resource."""
        return self.node.get("Resource").texts()

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, flat."""
        return tuple(_conditions(self.node.get("Condition")))

    @cached_property
    def conditions_known(self) -> bool:
        """Whether all operators and keys are seen: the values may be unknown."""
        block = self.node.get("Condition")
        return not block.text and not any(keys.text for _, keys in block.entries())

    def on(self, *keys: str) -> Iterator[Condition]:
        """The conditions on one of these keys, given in lower case, but `Null`."""
        return (each for each in self.conditions if each.key in keys and each.operator != "null")

    def needs(self, key: str) -> bool:
        """Whether `Null` demands that the key, in lower case, is there."""
        return any(each.key == key and each.needs_key for each in self.conditions)

    def covering(self, actions: Iterable[str]) -> tuple[Node, ...]:
        """The entries of Action that cover one of these actions."""
        wanted = tuple(actions)
        return tuple(node for node in self.actions if any(matches(node.text, action) for action in wanted))

    def shares(self, other: Statement, actions: Iterable[str]) -> bool:
        """Whether another statement has one of these actions in common with it."""
        return any(self.covering([action]) and other.covering([action]) for action in actions)

    def variables(self) -> Iterator[tuple[str, Node]]:
        """The policy variables in resources and conditions, in lower case, and where they stand."""
        lists = (self.resources, self.node.get("NotResource").texts(), *(each.values for each in self.conditions))
        return ((name, node) for nodes in lists for node in nodes for name in variables(node.text))

    @property
    def known(self) -> bool:
        """Whether nothing in it depends on what only a deploy knows."""
        return self.node.known


@dataclass(frozen=True)
class Policy:
    """One document. `owner` is the resource that holds it; `role` whether it says what a role may do."""

    kind: Kind
    owner: str
    document: Node
    role: bool = False

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements, each an object."""
        return tuple(Statement(self, node) for node in self.document.get("Statement").each() if node.entries())


def matches(pattern: str, action: str) -> bool:
    """Whether an entry of Action covers an action. A wildcard in the service covers nothing (rule 2)."""
    service, colon, name = pattern.lower().partition(":")
    if not colon or not is_known(pattern):
        return pattern == "*"
    wanted_service, _, wanted = action.lower().partition(":")
    return service == wanted_service and covers(name, wanted)


def _conditions(block: Node) -> Iterator[Condition]:
    for written, keys in block.entries():
        found = _OPERATOR.fullmatch(written)
        over, operator, if_exists = found.groups("") if found else ("", written, "")
        for key, values in keys.entries():
            yield Condition(
                written,
                key,
                operator.lower(),
                over.lower(),
                bool(if_exists),
                key.lower(),
                values.texts(),
                keys.place,
                values.place,
            )
