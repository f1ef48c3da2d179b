"""A role that all users get should say whose files it is about."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.own_files import shared_writes
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "writes to files without a policy variable, in the roles that all users get; to whole buckets in any user's role",
    "Every user may change and delete the files of every other.",
    'Give users a prefix of their own: `!Sub "${Bucket.Arn}/private/${!cognito-identity.amazonaws.com:sub}/*"`.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find files that are every user's own."""
    for write in shared_writes(stack):
        if not write.beside_own:
            yield RULE.found(write.node, write.statement.policy.owner)
