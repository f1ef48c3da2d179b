"""Pools, identities and pages of them as AWS writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool.identities import logins_of
from localcloud.identitypool.models import Identity, IdentityPool

MAX_RESULTS = 60
"""Results of one page at most."""

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
    after, size = _after(ctx, kind.__name__, request), request["MaxResults"]
    found = ctx.store.find(kind, limit=size + 1, after=None if after is None else (after,), **where)
    if len(found) <= size:
        return found, {}
    return found[:size], _more(ctx, kind.__name__, found[size - 1].id)


def users_page(ctx: Context, users: Sequence[str], request: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """The same of a developer's users, sorted."""
    after, size = _after(ctx, "users", request), request.get("MaxResults", MAX_RESULTS)
    left = [user for user in users if after is None or user > after]
    return left[:size], _more(ctx, "users", left[size - 1]) if len(left) > size else {}


def _after(ctx: Context, what: str, request: Mapping[str, Any]) -> str | None:
    if "NextToken" not in request:
        return None
    after: str | None = ctx.cloud.sealer.open(f"page {what}", request["NextToken"])
    if after is None:
        raise AwsError("InvalidParameterException", "Invalid NextToken.")
    return after


def _more(ctx: Context, what: str, last: str) -> dict[str, str]:
    return {"NextToken": ctx.cloud.sealer.seal(f"page {what}", last)}
