"""A `Scan` names no partition key (rule 66)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.dynamodb import is_guarded
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`dynamodb:Scan` allowed under `dynamodb:LeadingKeys`",
    "A Scan has no leading keys: `ForAllValues` lets it read everybody's items, and with `Null` it can never succeed.",
    "Take `dynamodb:Scan` (or the wildcard that covers it) out; users find their own items by `dynamodb:Query`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find scans that leading keys were meant to limit."""
    for statement in stack.statements("identity", "resource"):
        if statement.allows and is_guarded(statement):
            for node in statement.covering(["dynamodb:Scan"]):
                yield RULE.found(node, statement.policy.owner)
