"""Tags come from the claims of a sign-in, which guests have not made."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`${aws:PrincipalTag/…}` in the guest role",
    "A guest's session has no tags, so the variable has no value and this never matches.",
    "Write `${cognito-identity.amazonaws.com:sub}`, which guests have.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find tags of those who have none."""
    for role in stack.user_roles:
        if role.serves("unauthenticated") and not role.serves("authenticated", "mapped", "group"):
            for statement in role.statements:
                for name, node in statement.variables():
                    if name.startswith("aws:principaltag/"):
                        yield RULE.found(node, statement.policy.owner)
