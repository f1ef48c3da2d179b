"""How policies name Cognito's identity pools: other hosts in other partitions of AWS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement

PREFIX = "cognito-identity"
PARTITIONS = {
    "cognito-identity.amazonaws.com": "aws",
    "cognito-identity.amazonaws.com.cn": "aws-cn",
    "cognito-identity-us-gov.amazonaws.com": "aws-us-gov",
    "cognito-identity.us-gov-east-1.amazonaws.com": "aws-us-gov",
}
_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


def principals(statement: Statement, kind: str) -> tuple[Node, ...]:
    """The entries of one principal type: `Federated`, `Service`, `AWS`."""
    return statement.node.get("Principal", kind).texts()


def trusting(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Those statements of trust policies that let users of an identity pool in."""
    for statement in web_identity(statements):
        if any(node.text.startswith(PREFIX) for node in principals(statement, "Federated")):
            yield statement


def web_identity(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Those statements of trust policies that let holders of a web identity token in."""
    for statement in statements:
        if statement.allows and statement.covering([_WEB_IDENTITY]) and principals(statement, "Federated"):
            yield statement


def mentions(statement: Statement) -> Iterator[tuple[str, Node]]:
    """Each host that stands for identity pools in a statement: as principal, condition key or variable."""
    for kind in ("Federated", "Service"):
        yield from ((node.text.lower(), node) for node in principals(statement, kind))
    for condition in statement.conditions:
        yield condition.key.partition(":")[0], Node("", condition.place)
    for name, node in statement.variables():
        yield name.partition(":")[0], node


def hosts(statement: Statement) -> Iterator[tuple[str, Node]]:
    """Those of `mentions` that mean identity pools, well spelt or not."""
    return ((host, node) for host, node in mentions(statement) if host.startswith(PREFIX))
