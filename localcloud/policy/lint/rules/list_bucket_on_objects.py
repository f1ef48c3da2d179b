"""Lists are asked of the bucket (rule 54)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.s3 import never_matched
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`s3:ListBucket` and its like on `bucket/*`",
    "The action is asked of the bucket itself, which no resource of this statement is: it is never matched.",
    "Give the bucket's own ARN: `!GetAtt Bucket.Arn`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find bucket actions on objects only."""
    for statement, node in never_matched(stack, "bucket"):
        danger = f"`{node.text}` is asked of the bucket itself, which no resource of this statement is."
        yield RULE.found(node, statement.policy.owner, danger)
