"""`NotPrincipal` in an Allow is everybody else (rule 35)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`NotPrincipal` with `Effect: Allow`",
    "Everybody but those listed is allowed: strangers and anonymous callers too.",
    "List those who are meant under `Principal`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find statements that allow whomever they do not name."""
    for statement in stack.statements("resource", "trust"):
        if statement.allows and statement.node.get("NotPrincipal").exists:
            yield RULE.found(statement.node.get("NotPrincipal"), statement.policy.owner)
