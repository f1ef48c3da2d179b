"""GetOpenIdToken: the classic flow, whose client takes a role of its own choice with the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import amr, identities, logins, openid_tokens, principal_tags
from localcloud.identitypool.models import IdentityPool
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A token for ten minutes. The identity in the answer counts: after a merge it is another one.

    Raises InvalidParameterException where the pool does not allow this flow, NotAuthorizedException and others.
    """
    presented = identities.require_identity(ctx, request["IdentityId"])
    pool = require_pool(ctx, presented.pool_id)
    _check_flow(pool)
    proven = logins.verify(ctx, pool, openid_tokens.refuse_own(request.get("Logins") or {}))
    identity = identities.authorize(ctx, pool, presented, proven)
    tags = principal_tags.of_logins(ctx.cloud, pool, proven)
    token = openid_tokens.issue(ctx, identity, amr.of_logins(proven), tags=tags)
    return {"IdentityId": identity.id, "Token": token}


def _check_flow(pool: IdentityPool) -> None:
    """Attack: a role that trusts the pool for others: here no role mapping chooses, no scope-down limits a guest.

    Where `AllowClassicFlow` was never set, AWS has been seen to let this flow through (aws-cli#7652); here it is off.
    """
    flow = "Basic (classic) flow is not"
    if pool.role_mappings:
        raise _refused(f"{flow} supported with RoleMappings, please use enhanced flow.")
    if not pool.allows_classic_flow:
        raise _refused(f"{flow} enabled, please use enhanced flow.")


def _refused(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
