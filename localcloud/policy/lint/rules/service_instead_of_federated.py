"""Identity pools come with a web identity, and not as a service (rules 34, 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import PREFIX, principals
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "trust policies: `Principal: {Service: cognito-identity.amazonaws.com}`",
    "`Service` means AWS's service itself, never a user who comes with a token: nobody gets this role.",
    "Write `Principal: {Federated: cognito-identity.amazonaws.com}`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find identity pools among the services of a trust policy."""
    for statement in stack.statements("trust"):
        for node in principals(statement, "Service"):
            if node.text.startswith(PREFIX):
                yield RULE.found(node, statement.policy.owner)
