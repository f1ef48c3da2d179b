"""`arn:aws:s3:::b*` is `b-other` too (rule 6)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.s3 import bucket_of
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import VARIABLE

RULE = Rule(
    __name__,
    "error",
    "S3 resources with a wildcard in the bucket's name",
    "The wildcard also covers every other bucket whose name fits, those of strangers among them.",
    "Name the bucket and its objects one by one: `arn:aws:s3:::NAME` and `arn:aws:s3:::NAME/*`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find names that are more buckets than one."""
    for statement in stack.statements("identity", "resource"):
        for node in statement.resources:
            name = VARIABLE.sub("", bucket_of(node.text))
            if statement.allows and name.strip("*") and ("*" in name or "?" in name):
                yield RULE.found(node, statement.policy.owner)
