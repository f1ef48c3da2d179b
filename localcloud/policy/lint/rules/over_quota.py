"""How large policies and tags may be: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import SYMBOL

RULE = Rule(
    __name__,
    "warning",
    "policies and tag maps against IAM's quotas",
    "IAM refuses what is larger, and STS a session whose tags and policies do not fit together.",
    "Say it in fewer statements, by prefixes and variables.",
)
_INLINE, _MANAGED, _TRUST, _TAGS = 10_240, 6_144, 2_048, 50


def check(stack: Stack) -> Iterator[Finding]:
    """Find what is too large, at least; names that the deploy gives count for nothing."""
    for role in stack.roles:
        inline = [policy.document for policy in role.policies if policy.owner == role.resource.name]
        if inline and (size := sum(map(_size, inline))) > _INLINE:
            yield RULE.found(inline[-1], role.resource.name, _danger("inline policies", size, _INLINE))
        if (size := _size(role.trust.document)) > _TRUST:
            yield RULE.found(role.trust.document, role.resource.name, _danger("trust policy", size, _TRUST))
    for managed in stack.of_type("AWS::IAM::ManagedPolicy"):
        document = managed.properties.get("PolicyDocument")
        if (size := _size(document)) > _MANAGED:
            yield RULE.found(document, managed.name, _danger("policy", size, _MANAGED))
    for mapping in stack.of_type("AWS::Cognito::IdentityPoolPrincipalTag"):
        tags = mapping.properties.get("PrincipalTags")
        if len(tags.entries()) > _TAGS:
            yield RULE.found(tags, mapping.name, f"A session takes at most {_TAGS} tags: nobody gets credentials.")


def _danger(what: str, size: int, limit: int) -> str:
    return f"The {what} has at least {size:,} characters, and IAM takes {limit:,}: the deploy fails."


def _size(node: Node) -> int:
    """Characters of the JSON without white space, as IAM counts."""
    if isinstance(node.value, tuple):
        return sum(map(_size, node.value)) + len(node.value) + 1
    if node.entries():
        return sum(len(key) + 3 + _size(inner) for key, inner in node.entries()) + len(node.entries()) + 1
    return len(SYMBOL.sub("", node.text)) + 2 if node.text else 0
