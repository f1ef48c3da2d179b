"""A guest who signs up keeps the identity, and gets the other role for it."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.coverage import missing
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "what the guest role allows on own data, against the authenticated role",
    "What a guest wrote is out of its own reach from the moment it signs in.",
    "Allow the same on own data in the authenticated role.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find guests' own data that nobody signed in may reach."""
    for guest in stack.user_roles:
        if not guest.serves("unauthenticated"):
            continue
        for role in stack.user_roles:
            if role.serves("authenticated") and (lost := missing(role, guest)):
                danger = (
                    f"A guest who signs in may no longer do `{lost.action}` on its own data, "
                    f"as with {guest.resource.name}: what it wrote stays behind."
                )
                mend = f"Allow `{lost.action}` on `{lost.resource}` as {guest.resource.name} does."
                yield RULE.found(role.resource.place, role.resource.name, danger, mend)
