"""A list without the parameter has no `s3:prefix` at all (rule 55)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import PREFIX
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    '`""` and `*` as values of `s3:prefix` in an Allow',
    "A list without `prefix` has no such key and is refused; only `prefix=` matches, and with `*` so does every other.",
    "Have clients send the prefix that they may list, and write that one here.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find lists of everything that are not what they seem."""
    for statement in stack.statements("identity", "resource"):
        for condition in statement.on(PREFIX):
            for node in condition.values:
                if statement.allows and not condition.negated and not condition.if_exists and not node.text.strip("*"):
                    yield RULE.found(node, statement.policy.owner)
