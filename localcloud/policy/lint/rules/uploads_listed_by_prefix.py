"""The list of unfinished uploads has no `s3:prefix` (rule 58)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import PREFIX
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "`s3:ListBucketMultipartUploads` under `s3:prefix`",
    "That call has no `s3:prefix`, so it is always refused; without the condition it would list everybody's uploads.",
    "Take the action out; an upload's owner knows its id and lists its parts by `s3:ListMultipartUploadParts`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find lists of uploads that wait for a prefix."""
    for statement in stack.statements("identity", "resource"):
        if statement.allows and any(statement.on(PREFIX)):
            for node in statement.actions:
                if node.text.lower() == "s3:listbucketmultipartuploads":
                    yield RULE.found(node, statement.policy.owner)
