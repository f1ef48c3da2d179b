"""Identity pools: made, found, changed and removed, and which of their settings work here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.identitypool.models import Identity, IdentityPool, Login
from localcloud.identitypool.providers import canonical_name, user_pool_id
from localcloud.store import NotFoundError, replaced

_SUPPORTED = ("IdentityPoolName", "AllowUnauthenticatedIdentities", "AllowClassicFlow", "IdentityPoolTags")
_UNSUPPORTED = ("SupportedLoginProviders", "DeveloperProviderName", "OpenIdConnectProviderARNs", "SamlProviderARNs")


def new_id(ctx: Context) -> str:
    """A new id of a pool or an identity: `REGION:uuid`. A guest's id is all that proves it, so nobody may guess one."""
    return f"{ctx.cloud.region}:{uuid.UUID(bytes=ctx.cloud.random(16), version=4)}"


def require_pool(ctx: Context, pool_id: str) -> IdentityPool:
    """The pool of that id. Raises ResourceNotFoundException."""
    pool = ctx.store.get(IdentityPool, pool_id)
    if pool is None:
        raise _not_found(pool_id)
    return pool


def create(ctx: Context, request: Mapping[str, Any], pool_id: str | None = None) -> IdentityPool:
    """A new pool with the settings of a CreateIdentityPool request. Raises InvalidParameterException."""
    pool = IdentityPool(pool_id or new_id(ctx), _read_config(ctx.cloud, request))
    ctx.store.insert(pool)
    return pool


def update(ctx: Context, pool_id: str, request: Mapping[str, Any]) -> IdentityPool:
    """The pool with new settings; what the request leaves out goes back to its default. Source: UpdateIdentityPool.

    Raises InvalidParameterException and ResourceNotFoundException.
    """
    return _change(ctx, pool_id, config=_read_config(ctx.cloud, request))


def set_roles(ctx: Context, pool_id: str, roles: Mapping[str, str]) -> IdentityPool:
    """The pool with other roles, all of them replaced. Raises ResourceNotFoundException."""
    return _change(ctx, pool_id, roles=dict(roles))


def delete(ctx: Context, pool_id: str) -> None:
    """Remove a pool with its identities. Raises ResourceNotFoundException."""
    with ctx.store.transaction():
        if not ctx.store.delete(IdentityPool, pool_id):
            raise _not_found(pool_id)
        ctx.store.delete_where(Identity, pool_id=pool_id)
        ctx.store.delete_where(Login, pool_id=pool_id)


def _read_config(cloud: Cloud, request: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a create or update request. Raises InvalidParameterException for what does not work here."""
    for name in _UNSUPPORTED:
        if request.get(name):
            raise AwsError("InvalidParameterException", f"{name} is not supported by the local cloud.")
    config = {name: request[name] for name in _SUPPORTED if request.get(name) is not None}
    providers = request.get("CognitoIdentityProviders") or ()
    if providers:
        config["CognitoIdentityProviders"] = [_read_provider(cloud, provider) for provider in providers]
    return config


def _read_provider(cloud: Cloud, provider: Mapping[str, Any]) -> dict[str, Any]:
    name = canonical_name(cloud, provider.get("ProviderName") or "")
    if user_pool_id(name) is None or not provider.get("ClientId"):
        raise AwsError(
            "InvalidParameterException", f"Invalid Cognito identity provider {name}: a user pool and a ClientId."
        )
    checks = bool(provider.get("ServerSideTokenCheck"))
    return {"ProviderName": name, "ClientId": provider["ClientId"], "ServerSideTokenCheck": checks}


def _change(ctx: Context, pool_id: str, **changes: Any) -> IdentityPool:
    try:
        return ctx.store.update(IdentityPool, (pool_id,), lambda pool: replaced(pool, **changes))
    except NotFoundError:
        raise _not_found(pool_id) from None


def _not_found(pool_id: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
