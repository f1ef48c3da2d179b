"""Pools, identities and pages of them as AWS writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool.identities import logins_of
from localcloud.identitypool.models import Identity, IdentityPool

Listed = TypeVar("Listed", IdentityPool, Identity)


def pool(pool: IdentityPool) -> dict[str, Any]:
    """`IdentityPool`: the answer of create, describe and update."""
    return {"IdentityPoolId": pool.id, **pool.config}


def identity(ctx: Context, identity: Identity) -> dict[str, Any]:
    """`IdentityDescription`; times in seconds since the epoch."""
    return {
        "IdentityId": identity.id,
        "Logins": [login.provider for login in logins_of(ctx, identity)],
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    }


def page(
    ctx: Context, kind: type[Listed], request: Mapping[str, Any], **where: str
) -> tuple[list[Listed], dict[str, str]]:
    """The page that a list request asks for, and the `NextToken` if there is more. Raises InvalidParameterException."""
    after, size = None, request["MaxResults"]
    if "NextToken" in request:
        after = ctx.cloud.sealer.open(f"page {kind.__name__}", request["NextToken"])
        if after is None:
            raise AwsError("InvalidParameterException", "Invalid NextToken.")
    found = ctx.store.find(kind, limit=size + 1, after=None if after is None else (after,), **where)
    if len(found) <= size:
        return found, {}
    shown = found[:size]
    return shown, {"NextToken": ctx.cloud.sealer.seal(f"page {kind.__name__}", shown[-1].id)}
