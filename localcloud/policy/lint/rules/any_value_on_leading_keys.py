"""One own key in a batch must not open the others (rules 16, 63)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import LEADING_KEYS
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`ForAnyValue` on `dynamodb:LeadingKeys` in an Allow",
    "One own key is enough: a batch with one own item in it reads and writes everybody's.",
    'Write `ForAllValues:StringEquals`, with `"Null": {"dynamodb:LeadingKeys": "false"}` beside it.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find leading keys of which one is enough."""
    for statement in stack.statements("identity", "resource"):
        for condition in statement.on(*LEADING_KEYS):
            if statement.allows and condition.over == "foranyvalue":
                yield RULE.found(condition.operator_place, statement.policy.owner)
