"""`IfExists` is true of those who lack the key (rule 14)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "`BoolIfExists` with `false`",
    "A call without the key counts as well, and most temporary keys of users are without.",
    "Write `Bool`, or say by `Null` what is to happen without the key.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find truth values that nobody has to give."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            if each.operator == "bool" and each.if_exists and any(n.text.lower() == "false" for n in each.values):
                what = "allows" if statement.allows else "denies"
                danger = f"It also {what} every call without `{each.written_key}`, as with a user's temporary keys."
                yield RULE.found(each.operator_place, statement.policy.owner, danger)
