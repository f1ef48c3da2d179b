"""AWS::Cognito::IdentityPool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties, requests
from localcloud.context import Context
from localcloud.identitypool import pools
from localcloud.identitypool.models import IdentityPool

TYPE = "AWS::Cognito::IdentityPool"

PROPERTIES: Mapping[str, Shape] = {
    "IdentityPoolName": ANY,
    "AllowUnauthenticatedIdentities": ANY,
    "AllowClassicFlow": ANY,
    "CognitoIdentityProviders": {"ProviderName": ANY, "ClientId": ANY, "ServerSideTokenCheck": ANY},
    "DeveloperProviderName": ANY,
    "OpenIdConnectProviderARNs": ANY,
    "SamlProviderARNs": ANY,
    "SupportedLoginProviders": ANY,
    "IdentityPoolTags": {"Key": ANY, "Value": ANY},
}


def create(
    ctx: Context, props: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Make the pool, or take up again the one of `physical_id`: identities outlive the engine's memory of the stack.

    Raises ValueError for a property that is not supported, and AwsError.
    """
    request = _request(props, f"{stack_name}-{logical_id}")
    if physical_id and ctx.store.get(IdentityPool, physical_id):
        return _described(pools.update(ctx, physical_id, request))
    return _described(pools.create(ctx, request, physical_id))


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Change the pool's settings; none of them needs another pool. Raises as `create`."""
    name = pools.require_pool(ctx, physical_id).name
    return _described(pools.update(ctx, physical_id, _request(new, name)))


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Remove the pool; nothing happens when it is gone."""
    if ctx.store.get(IdentityPool, physical_id):
        pools.delete(ctx, physical_id)


def _described(pool: IdentityPool) -> tuple[str, Attributes]:
    return pool.id, {"Id": pool.id, "Name": pool.name}


def _request(props: Properties, default_name: str) -> dict[str, Any]:
    """The CreateIdentityPool request of a template's properties."""
    requests.refuse_unsupported(default_name, TYPE, props, PROPERTIES)
    request: dict[str, Any] = {"IdentityPoolName": default_name, **props}
    for name in request.keys() & {"AllowUnauthenticatedIdentities", "AllowClassicFlow"}:
        request[name] = requests.boolean(TYPE, name, request[name])
    if "CognitoIdentityProviders" in request:
        request["CognitoIdentityProviders"] = [_provider(entry) for entry in request["CognitoIdentityProviders"]]
    if "IdentityPoolTags" in request:
        request["IdentityPoolTags"] = {tag["Key"]: tag["Value"] for tag in request["IdentityPoolTags"]}
    requests.check("cognito-identity", "CreateIdentityPool", request, "InvalidParameterException")
    return request


def _provider(entry: Mapping[str, Any]) -> dict[str, Any]:
    check_name = "ServerSideTokenCheck"
    if check_name not in entry:
        return dict(entry)
    return {**entry, check_name: requests.boolean(TYPE, f"CognitoIdentityProviders.{check_name}", entry[check_name])}
