"""In the enhanced flow guests are held to a list of AWS's (rule 52)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.identitypool.guests import SESSION_POLICIES
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.policy import matches
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "actions in the guest role that the enhanced flow takes from guests",
    "The enhanced flow adds a session policy of AWS's to every guest, and this action is not in it: it is refused.",
    "Take the action out, or have users sign in before they need it.",
)
_LISTED = tuple(action for policy in SESSION_POLICIES for each in policy["Statement"] for action in each["Action"])


def check(stack: Stack) -> Iterator[Finding]:
    """Find actions that no guest can use."""
    for role in stack.user_roles:
        if not role.serves("unauthenticated"):
            continue
        for statement in role.statements:
            for node in statement.actions if statement.allows else ():
                if node.known and not any(matches(one, node.text) or matches(node.text, one) for one in _LISTED):
                    yield RULE.found(node, statement.policy.owner, f"No guest can use `{node.text}`. {RULE.danger}")
