"""The role of those who signed in must not fit guests, and the guests' role must fit them (rule 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import trusting
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Role, Stack
from localcloud.policy.lint.text import covers

RULE = Rule(
    __name__,
    "error",
    "`amr` in trust policies, against how the role is attached to its pool",
    "The role is given to users who have signed in, and its trust policy lets guests take it too.",
    "Write `authenticated`, without a wildcard.",
)
_GUESTS_SHUT_OUT = "The role is the pool's guest role, and its trust policy lets no guest take it."


def check(stack: Stack) -> Iterator[Finding]:
    """Find `amr` values that do not go with the role's use."""
    for role in stack.user_roles:
        values = _amr(role)
        if not values or not all(node.known for node in values):
            continue
        fits = [node for node in values if covers(node.text, "unauthenticated")]
        if role.serves("unauthenticated") and not fits:
            yield RULE.found(values[0], role.resource.name, _GUESTS_SHUT_OUT, "Write `unauthenticated`.")
        elif role.serves("authenticated", "mapped", "group") and fits and not role.serves("unauthenticated"):
            yield RULE.found(fits[0], role.resource.name)


def _amr(role: Role) -> list[Node]:
    conditions = (each for statement in trusting(role.trust.statements) for each in statement.conditions)
    found = [each for each in conditions if each.key.endswith(":amr") and not each.negated]
    return [node for condition in found for node in condition.values]
