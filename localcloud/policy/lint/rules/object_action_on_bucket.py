"""Objects are asked for by their keys (rule 6)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.s3 import never_matched
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`s3:GetObject` and its like on the bucket's own ARN",
    "The action is asked of an object, which no resource of this statement is: it is never matched.",
    'Give the objects: `!Sub "${Bucket.Arn}/*"`, with the user\'s own prefix.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find object actions on buckets only."""
    for statement, node in never_matched(stack, "object"):
        danger = f"`{node.text}` is asked of an object, which no resource of this statement is."
        yield RULE.found(node, statement.policy.owner, danger)
