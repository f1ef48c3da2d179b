"""A value that the operator cannot read matches nothing (rules 19-21)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.iam.operators import OPERATORS
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Condition
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import has_symbol

RULE = Rule(
    __name__,
    "error",
    "condition operators that do not exist, and values that an operator cannot read",
    "Nothing is ever equal to this value: an Allow never matches, a Deny never applies.",
    "Write a value of the operator's type.",
)
_MEANT = {"arn": "a whole ARN, with all five colons", "bool": "`true` or `false`", "ip": "an address or a CIDR range"}


def check(stack: Stack) -> Iterator[Finding]:
    """Find comparisons that fail whatever comes."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            if each.operator != "null" and each.operator not in OPERATORS:
                danger = f"IAM knows no operator `{each.written}` and refuses the policy."
                yield RULE.found(each.operator_place, statement.policy.owner, danger, "Write one of IAM's operators.")
            for node in each.values:
                if not _readable(each, node):
                    danger = f"`{each.written}` cannot read `{node.text}`, so nothing is ever equal to it."
                    yield RULE.found(node, statement.policy.owner, danger, _mend(each.operator.removeprefix("not")))


def _mend(operator: str) -> str:
    return next((f"Write {meant}." for name, meant in _MEANT.items() if operator.startswith(name)), "")


def _readable(condition: Condition, node: Node) -> bool:
    if has_symbol(node.text):
        return True
    if condition.operator == "null":
        return node.text.lower() in ("true", "false")
    operator = OPERATORS.get(condition.operator)
    try:
        return operator is None or operator.compile(node.text, True) is not None
    except ValueError:  # a variable without end
        return False
