"""A federated principal may only make the call that is meant for it (rules 34, 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import PREFIX, principals
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "trust policies of identity pools whose `Action` is not `sts:AssumeRoleWithWebIdentity`",
    "Cognito asks for `sts:AssumeRoleWithWebIdentity` and nothing else, so nobody gets this role.",
    "Write `Action: sts:AssumeRoleWithWebIdentity`.",
)
_CALLS = ("sts:AssumeRoleWithWebIdentity", "sts:TagSession")


def check(stack: Stack) -> Iterator[Finding]:
    """Find statements for identity pools that allow other calls only."""
    for statement in stack.statements("trust"):
        cognito = any(node.text.startswith(PREFIX) for node in principals(statement, "Federated"))
        if cognito and statement.allows and not statement.covering(_CALLS) and statement.node.get("Action").known:
            yield RULE.found(statement.node.get("Action"), statement.policy.owner)
