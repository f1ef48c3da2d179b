"""The roles of an identity pool and the rules that choose between them: SetIdentityPoolRoles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import pools, provider_keys
from localcloud.identitypool.models import IdentityPool
from localcloud.identitypool.providers import canonical_name
from localcloud.identitypool.role_mapping import forbidden

RULES = 25
"""Rules for one provider. Source: SetIdentityPoolRoles."""


def replace(ctx: Context, request: Mapping[str, Any]) -> IdentityPool:
    """The pool with the roles and role mappings of a SetIdentityPoolRoles request, and no others.

    Raises InvalidParameterException, NotAuthorizedException and ResourceNotFoundException.
    """
    with ctx.store.transaction():
        pool = pools.require_pool(ctx, request["IdentityPoolId"])
        for arn in request["Roles"].values():
            _check_role(ctx, arn)
        mappings = request.get("RoleMappings") or {}
        read = {_read_key(ctx, pool, key): _read_mapping(ctx, key, mapping) for key, mapping in mappings.items()}
        return pools.change(ctx, pool.id, roles=dict(request["Roles"]), role_mappings=read)


def _check_role(ctx: Context, arn: str) -> None:
    # AWS answers what is no role's ARN in the same words as one that the caller may not pass (aws-sdk-js#908).
    if not re.fullmatch(rf"arn:aws:iam::{ctx.cloud.account}:role/[\w+=,.@/-]{{1,576}}", arn, re.ASCII):
        raise forbidden(arn)


def _read_key(ctx: Context, pool: IdentityPool, key: str) -> str:
    name = canonical_name(ctx.cloud, key)
    if name not in provider_keys.for_role_mappings(pool):
        raise _invalid(f"({key}) is not a valid RoleMapping ProviderName or is not a configured provider.")
    return name


def _read_mapping(ctx: Context, key: str, mapping: Mapping[str, Any]) -> dict[str, Any]:
    rules = (mapping.get("RulesConfiguration") or {}).get("Rules") or []
    if not mapping.get("AmbiguousRoleResolution"):
        raise _invalid(f"AmbiguousRoleResolution is required for the role mapping of {key}.")
    if (mapping["Type"] == "Rules") != bool(rules):
        raise _invalid(f"RulesConfiguration is for role mappings of type Rules, which need it: {key}.")
    if len(rules) > RULES:
        raise _invalid(f"A provider has at most {RULES} rules: {key}.")
    for rule in rules:
        _check_role(ctx, rule["RoleARN"])
    return dict(mapping)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
