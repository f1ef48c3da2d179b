"""AWS::Cognito::IdentityPoolRoleAttachment. A pool has one attachment, so that is named after its pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties, requests
from localcloud.context import Context
from localcloud.identitypool import roles
from localcloud.identitypool.models import IdentityPool

TYPE = "AWS::Cognito::IdentityPoolRoleAttachment"

PROPERTIES: Mapping[str, Shape] = {
    "IdentityPoolId": ANY,
    "Roles": {"authenticated": ANY, "unauthenticated": ANY},
    # By names of the template's own choice, so that only `_MAPPING` below can say what may stand in each.
    "RoleMappings": ANY,
}

_MAPPING: Mapping[str, Shape] = {
    "IdentityProvider": ANY,
    "Type": ANY,
    "AmbiguousRoleResolution": ANY,
    "RulesConfiguration": {"Rules": {"Claim": ANY, "MatchType": ANY, "Value": ANY, "RoleARN": ANY}},
}
_SUFFIX = "/roles"


def create(
    ctx: Context,
    props: Properties,
    logical_id: str,
    stack_name: str,
    physical_id: str | None = None,
) -> tuple[str, Attributes]:
    """Set the pool's roles and mappings. Raises ValueError for a property that is not supported, and AwsError."""
    return _set(ctx, props)


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set the pool's roles and mappings. Another pool means another physical id. Raises as `create`."""
    return _set(ctx, new)


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Take the pool's roles away; nothing happens when the pool is gone."""
    pool_id = physical_id.removesuffix(_SUFFIX)
    if ctx.store.get(IdentityPool, pool_id):
        roles.replace(ctx, {"IdentityPoolId": pool_id, "Roles": {}})


def _set(ctx: Context, props: Properties) -> tuple[str, Attributes]:
    requests.refuse_unsupported("attachment", TYPE, props, PROPERTIES)
    request = {"Roles": {}, **props, "RoleMappings": _mappings(props.get("RoleMappings") or {})}
    requests.check("cognito-identity", "SetIdentityPoolRoles", request, "InvalidParameterException")
    pool = roles.replace(ctx, request)
    return pool.id + _SUFFIX, {"Id": pool.id + _SUFFIX}


def _mappings(mappings: Any) -> dict[str, dict[str, Any]]:
    """By provider, which is the key unless `IdentityProvider` names it: keys cannot be made by `Fn::Sub`."""
    read: dict[str, dict[str, Any]] = {}
    for key, mapping in mappings.items():
        requests.refuse_unsupported("attachment", TYPE, mapping, _MAPPING)
        provider = mapping.get("IdentityProvider") or key
        if provider in read:
            raise ValueError(f"{TYPE}: property `RoleMappings`: two mappings for {provider}")
        read[provider] = {name: value for name, value in mapping.items() if name != "IdentityProvider"}
    return read
