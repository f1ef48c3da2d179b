"""Where IAM takes no wildcard: services, resource types, parts of principals (rules 2, 7, 31, 33)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import arn_parts

RULE = Rule(
    __name__,
    "error",
    "wildcards in an action's service, in an ARN's resource type, in part of a principal",
    "IAM takes no wildcard there, so this means nobody and nothing.",
    "Write the name out.",
)
# Services whose ARNs have a word for the type before the name.
_TYPED = frozenset(
    {
        *("cognito-identity", "cognito-idp", "dynamodb", "events", "iam", "iot", "kinesis", "kms", "lambda", "logs"),
        *("secretsmanager", "ses", "ssm"),
    }
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find wildcards that match nothing."""
    for statement in stack.statements("identity", "resource", "trust"):
        owner = statement.policy.owner
        for node in statement.node.get("Action").texts() + statement.node.get("NotAction").texts():
            if _wild(node.text.partition(":")[0]) and node.text != "*":
                yield RULE.found(node, owner, f"IAM takes no wildcard in a service, so `{node.text}` is no action.")
        for node in statement.resources:
            if _wild_type(node.text):
                yield RULE.found(node, owner, "IAM takes no wildcard in a resource's type: this may match nothing.")
        for node in _principals(statement):
            if _wild(node.text) and node.text != "*":
                danger = "IAM takes no wildcard for a part of a principal, so this means nobody."
                mend = "Name the principal, or match `aws:PrincipalArn` in a Condition."
                yield RULE.found(node, owner, danger, mend)


def _wild(text: str) -> bool:
    return "*" in text or "?" in text


def _wild_type(text: str) -> bool:
    parts = arn_parts(text)
    word = re.split("[:/]", parts[5])[0] if parts and parts[2] in _TYPED else ""
    return _wild(word) and word != "*"


def _principals(statement: Statement) -> Iterator[Node]:
    for element in ("Principal", "NotPrincipal"):
        for _, nodes in statement.node.get(element).entries():
            yield from nodes.texts()
