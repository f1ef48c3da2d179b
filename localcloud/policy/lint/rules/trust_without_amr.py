"""`amr` says whether the caller has signed in (rule 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import trusting
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "trust policies for identity pools without a condition on `amr`",
    "A guest of the pool may take this role as well as a user who has signed in.",
    'Add `ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": authenticated}` '
    "(`unauthenticated` in the guest role) to its Condition.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find trust in anybody of a pool, signed in or not."""
    for statement in trusting(stack.statements("trust")):
        named = any(each.key.endswith(":amr") and not each.negated for each in statement.conditions)
        if statement.conditions_known and not named:
            yield RULE.found(statement.node, statement.policy.owner)
