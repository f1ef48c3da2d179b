"""Whoever passes a role has the role."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import arn_parts

RULE = Rule(
    __name__,
    "error",
    "`iam:PassRole` with a wildcard for the role",
    "Whoever has this hands any role of the account to a service that they command, an administrator's too.",
    "Give the ARN of the one role that is passed, and `iam:PassedToService` in a Condition.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles that are passed without a name."""
    for statement in stack.statements("identity"):
        if not statement.allows or not any(n.text != "*" for n in statement.covering(["iam:PassRole"])):
            continue
        for node in statement.resources:
            parts = arn_parts(node.text)
            if node.text == "*" or (parts and parts[5] in ("*", "role/*")):
                yield RULE.found(node, statement.policy.owner)
