"""A list without `s3:prefix` is a list of everybody's files (rule 54)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import PREFIX
from localcloud.policy.lint.s3 import bucket_of
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import variables

RULE = Rule(
    __name__,
    "error",
    "`s3:ListBucket` without `s3:prefix` in users' roles, on a bucket where users have prefixes of their own",
    "Every user lists the names of everybody's files, and with them everybody's identity id.",
    'Add `StringLike: {"s3:prefix": ["private/${cognito-identity.amazonaws.com:sub}/*"]}` as Condition.',
)
_LISTS = ("s3:ListBucket", "s3:ListBucketVersions")


def check(stack: Stack) -> Iterator[Finding]:
    """Find lists that no prefix limits."""
    every = [statement for role in stack.user_roles for statement in role.statements if statement.allows]
    nodes = [node for statement in every for node in statement.resources]
    shared = {bucket_of(node.text) for node in nodes if variables(node.text)} - {""}
    for statement in every:
        limited = any(statement.on(PREFIX)) or not statement.conditions_known
        for node in () if limited or not statement.covering(_LISTS) else statement.resources:
            if bucket_of(node.text) in shared and "/" not in node.text.partition(":::")[2]:
                yield RULE.found(node, statement.policy.owner)
