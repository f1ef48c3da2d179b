"""Attributes for access control: which tags an identity pool sets, and whether a role takes them (rule 49)."""

from __future__ import annotations

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Resource, Role, Stack

_DEFAULTS = frozenset({"username", "client"})


def takes_tags(role: Role) -> Node | None:
    """The entry of the trust policy that lets tags in, if there is one."""
    for statement in role.trust.statements:
        if statement.allows and (found := statement.covering(["sts:TagSession"])):
            return found[0]
    return None


def known_tags(stack: Stack, role: Role) -> frozenset[str] | None:
    """The tags, in lower case, that the role's pools set; None where no pool is in this stack, or its map not known."""
    pools = {pool.ref for pool in stack.of_type("AWS::Cognito::IdentityPool")}
    pools &= {use.pool for use in role.uses if use.pool} or pools
    maps = list(stack.of_type("AWS::Cognito::IdentityPoolPrincipalTag"))
    if not pools or not role.uses or not all(each.properties.known for each in maps):
        return None
    return frozenset(tag for each in maps if _pool(each) in pools for tag in _tags(each))


def _pool(mapping: Resource) -> str:
    return mapping.properties.get("IdentityPoolId").text


def _tags(mapping: Resource) -> frozenset[str]:
    if mapping.properties.get("UseDefaults").is_true:
        return _DEFAULTS
    return frozenset(tag.lower() for tag, _ in mapping.properties.get("PrincipalTags").entries())
