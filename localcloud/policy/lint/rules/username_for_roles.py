"""Sessions of a role have no user name (rule 30)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`aws:username` in what a role may do",
    "`aws:username` is for IAM users; a session of a role has none, so this never matches.",
    "Write `${cognito-identity.amazonaws.com:sub}`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find the IAM user's name where nobody is one."""
    for statement in stack.granted:
        for name, node in statement.variables():
            if name == "aws:username":
                yield RULE.found(node, statement.policy.owner)
        for condition in statement.on("aws:username"):
            yield RULE.found(condition.place, statement.policy.owner)
