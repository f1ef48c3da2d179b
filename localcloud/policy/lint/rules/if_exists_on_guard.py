"""`IfExists` lets pass whoever says nothing (rule 14)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import is_guard
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`…IfExists` in an Allow, on a key that says whose data or which caller it is about",
    "A call that leaves the key out passes: a list without a prefix, a scan, a token without the claim.",
    "Write the operator without `IfExists`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find guards that need not be asked."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            if statement.allows and each.if_exists and is_guard(each.key) and not statement.needs(each.key):
                mend = f"Write `{each.written[: -len('IfExists')]}`."
                yield RULE.found(each.operator_place, statement.policy.owner, mend=mend)
