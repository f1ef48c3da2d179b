"""A request that names no attribute asks for all of them (rules 67, 68)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.dynamodb import READS, WRITES
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`dynamodb:Attributes` without `dynamodb:Select`, and for writes without `dynamodb:ReturnValues`",
    "A read without a projection mentions no attribute, so the condition holds and the whole item comes back.",
    'Add `StringEqualsIfExists: {"dynamodb:Select": SPECIFIC_ATTRIBUTES}` to the same Condition.',
)
_WRITES = "A write gives the whole item back when asked to, hidden attributes too."
_MEND_WRITES = (
    'Add `StringEqualsIfExists: {"dynamodb:ReturnValues": [NONE, UPDATED_OLD, UPDATED_NEW]}` to the same Condition.'
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find attributes that one gets by not naming them."""
    for statement in stack.statements("identity", "resource"):
        for condition in statement.on("dynamodb:attributes"):
            if not statement.allows or condition.negated or not statement.conditions_known:
                continue
            if statement.covering(READS) and not any(statement.on("dynamodb:select")):
                yield RULE.found(condition.place, statement.policy.owner)
            elif statement.covering(WRITES[:3]) and not any(statement.on("dynamodb:returnvalues")):
                yield RULE.found(condition.place, statement.policy.owner, _WRITES, _MEND_WRITES)
