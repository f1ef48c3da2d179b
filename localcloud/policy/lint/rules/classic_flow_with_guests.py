"""Only the enhanced flow limits guests (rule 52)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "identity pools with `AllowClassicFlow` and `AllowUnauthenticatedIdentities`",
    "In the classic flow a guest names its own role, and AWS's limits on guests do not apply.",
    "Write `AllowClassicFlow: false`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find pools whose guests may pick their role."""
    for pool in stack.of_type("AWS::Cognito::IdentityPool"):
        classic = pool.properties.get("AllowClassicFlow")
        if classic.is_true and pool.properties.get("AllowUnauthenticatedIdentities").is_true:
            yield RULE.found(classic, pool.name)
