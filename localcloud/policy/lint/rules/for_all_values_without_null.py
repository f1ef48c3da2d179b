"""`ForAllValues` is true of nothing at all (rule 16)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import is_guard
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`ForAllValues` in an Allow, on a key that says whose data or which caller it is",
    "`ForAllValues` is true when the key is absent: a call that names none passes, such as a `Scan` of all items.",
    'Add `"Null": {"KEY": "false"}` to the same Condition.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find `ForAllValues` that a missing key satisfies."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            guards = statement.allows and each.over == "forallvalues" and is_guard(each.key)
            if guards and not statement.needs(each.key) and statement.conditions_known:
                mend = f'Add `"Null": {{"{each.written_key}": "false"}}` to the same Condition.'
                if each.key.endswith(":amr"):
                    mend = f"Write `ForAnyValue:StringLike` on `{each.written_key}`."
                yield RULE.found(each.operator_place, statement.policy.owner, mend=mend)
