"""Lists are asked of the bucket (rule 54)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.s3 import BUCKET_ACTIONS, kinds_of, may_be_bucket
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
    for statement in stack.statements("identity", "resource"):
        if statement.resources and not any(may_be_bucket(node.text) for node in statement.resources):
            for node in statement.covering(BUCKET_ACTIONS):
                if kinds_of(node.text) == {"bucket"}:
                    danger = f"`{node.text}` is asked of the bucket itself, which no resource of this statement is."
                    yield RULE.found(node, statement.policy.owner, danger)
