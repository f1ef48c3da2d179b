"""GetCredentialsForIdentity: the enhanced flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import credentials, identities, logins
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Credentials of the pool's role, for an hour. The identity in the answer counts: after a merge it is another one.

    Raises NotAuthorizedException, ResourceNotFoundException, InvalidIdentityPoolConfigurationException and others.
    """
    presented = identities.require_identity(ctx, request["IdentityId"])
    pool = require_pool(ctx, presented.pool_id)
    proven = logins.verify(ctx, pool, request.get("Logins") or {})
    identity = identities.authorize(ctx, pool, presented, proven)
    session = credentials.issue(ctx, pool, identity, proven, request.get("CustomRoleArn", ""))
    return {
        "IdentityId": identity.id,
        "Credentials": {
            "AccessKeyId": session.access_key,
            "SecretKey": session.secret_key,
            "SessionToken": session.session_token,
            "Expiration": session.expires,
        },
    }
