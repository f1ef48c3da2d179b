"""AWS::Cognito::IdentityPoolPrincipalTag: the tag map of one provider of a pool, named after both."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties, requests
from localcloud.context import Context
from localcloud.identitypool import principal_tags
from localcloud.identitypool.models import IdentityPool

TYPE = "AWS::Cognito::IdentityPoolPrincipalTag"

PROPERTIES: Mapping[str, Shape] = {
    "IdentityPoolId": ANY,
    "IdentityProviderName": ANY,
    "UseDefaults": ANY,
    "PrincipalTags": ANY,
}


def create(
    ctx: Context, props: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Set the provider's map. Raises ValueError for a property that is not supported, and AwsError."""
    requests.refuse_unsupported(logical_id, TYPE, props, PROPERTIES)
    request = dict(props)
    if "UseDefaults" in request:
        request["UseDefaults"] = requests.boolean(TYPE, "UseDefaults", request["UseDefaults"])
    requests.check("cognito-identity", "SetPrincipalTagAttributeMap", request, "InvalidParameterException")
    principal_tags.set_map(ctx, request)
    return f"{request['IdentityPoolId']}|{request['IdentityProviderName']}", {}


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Set the provider's map; another pool or provider means another physical id. Raises as `create`."""
    return create(ctx, new, "tags", "")


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Take the provider's map away; nothing happens when the pool is gone."""
    pool_id, _, provider = physical_id.partition("|")
    if ctx.store.get(IdentityPool, pool_id):
        principal_tags.remove_map(ctx, pool_id, provider)
