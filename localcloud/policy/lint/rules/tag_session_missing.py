"""Tags come into a session only where the trust policy lets them (rule 49)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.session_tags import known_tags, takes_tags
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "trust policies without `sts:TagSession`, where the identity pool maps attributes to tags",
    "The pool hands tags over and the role does not take them: nobody gets credentials, and the error says "
    "`Invalid identity pool configuration`.",
    "Write `Action: [sts:AssumeRoleWithWebIdentity, sts:TagSession]`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles that refuse the pool's tags."""
    for role in stack.user_roles:
        signed_in = role.serves("authenticated", "mapped", "group") and role.trust.document.known
        if signed_in and known_tags(stack, role) and not takes_tags(role):
            yield RULE.found(role.trust.document, role.resource.name)
