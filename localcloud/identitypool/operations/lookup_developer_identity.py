"""LookupDeveloperIdentity: from a backend's user to the identity, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import developer_identities, wire
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The identity of a user, or one page of the users of an identity; given both, whether they belong together.

    Raises InvalidParameterException, ResourceNotFoundException, and ResourceConflictException where they do not.
    """
    pool = require_pool(ctx, request["IdentityPoolId"])
    identity_id, user = request.get("IdentityId"), request.get("DeveloperUserIdentifier")
    if user is None:
        if identity_id is None:
            raise AwsError("InvalidParameterException", "Either IdentityId or DeveloperUserIdentifier is required.")
        shown, more = wire.users_page(ctx, sorted(developer_identities.users_of(ctx, pool, identity_id)), request)
        return {"IdentityId": identity_id, "DeveloperUserIdentifierList": shown, **more}
    login = developer_identities.require_login(ctx, pool, user)
    if identity_id not in (None, login.identity_id):
        raise developer_identities.mismatch()
    return {"IdentityId": login.identity_id, "DeveloperUserIdentifierList": [user]}
