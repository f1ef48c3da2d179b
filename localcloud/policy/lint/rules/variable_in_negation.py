"""A variable without value makes a negated condition true, and an exception void (rule 23)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import may_be_absent
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import VARIABLE, variables

RULE = Rule(
    __name__,
    "error",
    "variables that may have no value under `StringNotEquals` and its like in an Allow, and in `NotResource`",
    "Without a value the negated condition is true, and the Allow is everybody's.",
    "Turn the condition round to `StringEquals`, or give the variable a default: `${KEY, 'none'}`.",
)
_NOTHING_SPARED = "Without a value the entry spares nothing, so the statement is about everything."


def check(stack: Stack) -> Iterator[Finding]:
    """Find variables that open when they are empty."""
    for statement in stack.statements("identity", "resource"):
        for each in statement.conditions if statement.allows else ():
            for node in each.values:
                if each.negated and _may_be_empty(node) and not statement.needs(each.key):
                    yield RULE.found(node, statement.policy.owner)
        for node in _spared(statement):
            yield RULE.found(node, statement.policy.owner, _NOTHING_SPARED, "Write `Resource` with what is meant.")


def _spared(statement: Statement) -> list[Node]:
    entries = statement.node.get("NotResource").texts() if statement.denies else ()
    return [node for node in entries if _may_be_empty(node)]


def _may_be_empty(node: Node) -> bool:
    without_default = "".join(found for found in VARIABLE.findall(node.text) if ", '" not in found)
    return any(map(may_be_absent, variables(without_default)))
