"""Tags come into a session only where the trust policy lets them (rule 49)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.session_tags import known_tags, takes_tags
from localcloud.policy.lint.stack import Role, Stack

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
        signed_in = role.serves("authenticated", "mapped", "group")
        if signed_in and known_tags(stack, role) and not takes_tags(role) and _is_seen(role):
            yield RULE.found(role.trust.document, role.resource.name)


def _is_seen(role: Role) -> bool:
    """Whether all actions of the trust policy are known."""
    statements = role.trust.document.get("Statement").each()
    seen = [each for each in statements if each.entries() and each.get("Action").known and each.get("Effect").known]
    return len(seen) == len(statements) > 0
