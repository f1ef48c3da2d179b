"""A condition on an absent key is false, so the Deny does not apply (rule 13)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import may_be_absent
from localcloud.policy.lint.policy import Condition
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "a Deny with a positive operator on a key that requests may lack",
    "A call that leaves the key out is not denied.",
    'Add `IfExists` to the operator, or a second Deny with `"Null": {"KEY": "true"}`.',
)

_REVOKES = "aws:tokenissuetime"


def check(stack: Stack) -> Iterator[Finding]:
    """Find denies that one escapes by saying less."""
    for policy in stack.policies:
        denies = [statement for statement in policy.statements if statement.denies]
        nulls = {each.key for statement in denies for each in statement.conditions if each.operator == "null"}
        for statement in denies:
            # Sessions are revoked, one user's or all: whoever lacks the key is not meant.
            if any(each.key == _REVOKES for each in statement.conditions):
                continue
            for each in statement.conditions:
                if _escapable(each) and each.key not in nulls:
                    danger = f"A call that leaves `{each.written_key}` out is not denied."
                    mend = (
                        f"Write `{each.written}IfExists`, or add a second Deny with "
                        f'`"Null": {{"{each.written_key}": "true"}}`.'
                    )
                    yield RULE.found(each.operator_place, policy.owner, danger, mend)


def _escapable(each: Condition) -> bool:
    positive = not each.negated and not each.if_exists and each.operator != "null" and each.over != "forallvalues"
    return positive and may_be_absent(each.key)
