"""GetId: the first call of a client, with a login or as a guest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import identities, logins, openid_tokens
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The identity of the logins, or a new guest's. Raises NotAuthorizedException and ResourceNotFoundException."""
    pool_id, account = request["IdentityPoolId"], request.get("AccountId")
    if account is not None and account != ctx.cloud.account:
        raise AwsError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found in account {account}.")
    pool = require_pool(ctx, pool_id)
    proven = logins.verify(ctx, pool, openid_tokens.refuse_own(request.get("Logins") or {}))
    return {"IdentityId": identities.identify(ctx, pool, proven).id}
