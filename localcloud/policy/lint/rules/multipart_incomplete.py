"""A large upload is several calls, and some of them are not `s3:PutObject` (rule 58)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Role, Stack
from localcloud.policy.lint.text import covers, variables

RULE = Rule(
    __name__,
    "warning",
    "`s3:PutObject` on own files without `s3:AbortMultipartUpload` and `s3:ListMultipartUploadParts`",
    "A large upload that breaks off can be neither resumed nor taken back: its parts stay, and are paid for.",
    "Allow `s3:AbortMultipartUpload` and `s3:ListMultipartUploadParts` on the same resources.",
)
_BESIDE = ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


def check(stack: Stack) -> Iterator[Finding]:
    """Find uploads that cannot be finished or given up."""
    for role in stack.user_roles:
        for statement in role.statements:
            puts = statement.covering(["s3:PutObject"]) if statement.allows and role.complete else ()
            own = [node.text for node in statement.resources if variables(node.text)]
            if puts and any(not _allowed(role, action, resource) for action in _BESIDE for resource in own):
                yield RULE.found(puts[0], statement.policy.owner)


def _allowed(role: Role, action: str, resource: str) -> bool:
    return any(_allows(statement, action, resource) for statement in role.statements)


def _allows(statement: Statement, action: str, resource: str) -> bool:
    covering = statement.allows and statement.covering([action])
    return bool(covering) and any(covers(node.text, resource) for node in statement.resources)
