"""`NotAction` and `NotResource` in an Allow are all there will ever be, but a few (rule 3)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`NotAction` and `NotResource` with `Effect: Allow`",
    "Everything but what is listed is allowed: of all services, and of those to come.",
    "List what is meant under `Action` and `Resource`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find statements that allow whatever they do not name."""
    for statement in stack.statements("identity", "resource", "trust"):
        for element in ("NotAction", "NotResource"):
            if statement.allows and statement.node.get(element).exists:
                yield RULE.found(statement.node.get(element), statement.policy.owner)
