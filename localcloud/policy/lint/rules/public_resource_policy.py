"""`Principal: "*"` is everybody, anonymous callers included (rule 31)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    'policies of buckets, queues, topics and tables that allow `Principal: "*"`',
    "Anybody on the internet is allowed, without any AWS account.",
    "Name the principal, or hold it to your own by `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`.",
)
_LIMITS = frozenset(
    {
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceowner"),
        *("aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount"),
    }
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find resources that belong to the world."""
    for statement in stack.statements("resource"):
        if statement.allows and statement.conditions_known and _everybody(statement) and not _limited(statement):
            yield RULE.found(statement.node.get("Principal"), statement.policy.owner)


def _everybody(statement: Statement) -> bool:
    principal = statement.node.get("Principal")
    return principal.text == "*" or any(node.text == "*" for node in principal.get("AWS").texts())


def _limited(statement: Statement) -> bool:
    return any(not each.negated and not each.if_exists for each in statement.on(*_LIMITS))
