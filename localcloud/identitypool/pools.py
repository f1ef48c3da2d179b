"""Identity pools: made, found, changed and removed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import settings
from localcloud.identitypool.models import Identity, IdentityPool, Login, arn_of
from localcloud.store import NotFoundError, replaced


def new_id(ctx: Context) -> str:
    """A new id of a pool or an identity: `REGION:uuid`. A guest's id is all that proves it, so nobody may guess one."""
    return f"{ctx.cloud.region}:{uuid.UUID(bytes=ctx.cloud.random(16), version=4)}"


def require_pool(ctx: Context, pool_id: str) -> IdentityPool:
    """The pool of that id. Raises ResourceNotFoundException."""
    pool = ctx.store.get(IdentityPool, pool_id)
    if pool is None:
        raise _not_found(pool_id)
    return pool


def require_tagged(ctx: Context, arn: str) -> IdentityPool:
    """The pool of that ARN. Raises ResourceNotFoundException, also for one of another account."""
    pool_id = arn.rpartition("/")[2]
    if arn != arn_of(ctx.cloud, pool_id):
        raise AwsError("ResourceNotFoundException", f"Resource {arn} does not exist.")
    return require_pool(ctx, pool_id)


def create(ctx: Context, request: Mapping[str, Any], pool_id: str | None = None) -> IdentityPool:
    """A new pool with the settings of a CreateIdentityPool request. Raises InvalidParameterException."""
    pool = IdentityPool(pool_id or new_id(ctx), settings.read(ctx.cloud, request))
    ctx.store.insert(pool)
    return pool


def update(ctx: Context, pool_id: str, request: Mapping[str, Any]) -> IdentityPool:
    """The pool with new settings; what the request leaves out goes back to its default. Source: UpdateIdentityPool.

    Raises InvalidParameterException and ResourceNotFoundException.
    """
    with ctx.store.transaction():
        old = require_pool(ctx, pool_id)
        complete = settings.with_developer_provider(old.config, request)
        return change(ctx, pool_id, config=settings.read(ctx.cloud, complete))


def change(ctx: Context, pool_id: str, **changes: Any) -> IdentityPool:
    """The pool with other fields. Raises ResourceNotFoundException."""
    try:
        return ctx.store.update(IdentityPool, (pool_id,), lambda pool: replaced(pool, **changes))
    except NotFoundError:
        raise _not_found(pool_id) from None


def delete(ctx: Context, pool_id: str) -> None:
    """Remove a pool with its identities. Raises ResourceNotFoundException."""
    with ctx.store.transaction():
        if not ctx.store.delete(IdentityPool, pool_id):
            raise _not_found(pool_id)
        ctx.store.delete_where(Identity, pool_id=pool_id)
        ctx.store.delete_where(Login, pool_id=pool_id)


def _not_found(pool_id: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
