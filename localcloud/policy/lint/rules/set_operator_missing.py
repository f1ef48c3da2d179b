"""An operator for one value matches no key that has several (rule 17)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import is_multivalued
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "a key with several values under an operator without `ForAllValues` or `ForAnyValue`",
    "The key holds a set, and an operator for one value matches none: an Allow never matches, a Deny never applies.",
    "Write `ForAllValues:` (all of them, with `Null` beside it) or `ForAnyValue:` (one of them) before the operator.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find sets that are compared as if they were one value."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            if is_multivalued(each.key) and not each.over and each.operator != "null":
                yield RULE.found(each.operator_place, statement.policy.owner)
