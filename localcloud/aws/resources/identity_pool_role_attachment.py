"""AWS::Cognito::IdentityPoolRoleAttachment. A pool has one attachment, so that is named after its pool."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape, unsupported
from localcloud.aws.resources import Attributes, Properties
from localcloud.context import Context
from localcloud.identitypool import pools
from localcloud.identitypool.models import IdentityPool
from localcloud.model import load
from localcloud.validation import check

TYPE = "AWS::Cognito::IdentityPoolRoleAttachment"

PROPERTIES: Mapping[str, Shape] = {
    "IdentityPoolId": ANY,
    "Roles": {"authenticated": ANY, "unauthenticated": ANY},
}

_SUFFIX = "/roles"


def create(
    ctx: Context,
    props: Properties,
    logical_id: str,
    stack_name: str,
    physical_id: str | None = None,
) -> tuple[str, Attributes]:
    """Set the pool's roles. Raises ValueError for a property that is not supported, and AwsError."""
    return _set(ctx, props)


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set the pool's roles. Another pool means another physical id. Raises as `create`."""
    return _set(ctx, new)


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Take the pool's roles away; nothing happens when the pool is gone."""
    pool_id = physical_id.removesuffix(_SUFFIX)
    if ctx.store.get(IdentityPool, pool_id):
        pools.set_roles(ctx, pool_id, {})


def _set(ctx: Context, props: Properties) -> tuple[str, Attributes]:
    for problem in unsupported({"attachment": {"Type": TYPE, "Properties": props}}, {}, {TYPE: PROPERTIES}):
        raise ValueError(problem)
    request = {"Roles": {}, **props}
    model = load("cognito-identity")
    check(model, model.operations["SetIdentityPoolRoles"], request, "InvalidParameterException")
    pool = pools.set_roles(ctx, request["IdentityPoolId"], request["Roles"])
    return pool.id + _SUFFIX, {"Id": pool.id + _SUFFIX}
