"""AdminSetUserPassword: an administrator gives a user a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.factors.passwords import password_fields
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A permanent one, or one that the user must replace at the next sign-in. A provider's user may get one, too."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    permanent = bool(request.get("Permanent"))
    secret = password_fields(ctx, pool, user.username, request["Password"], temporary=not permanent)
    status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"
    try:
        update_user(ctx, pool, user.sub, lambda kept: replaced(kept, **secret, status=status))
    except AwsError as error:
        # With a password, a provider's user signs in by its verified address, too, which may be somebody else's.
        code = "InvalidParameterException" if error.code == "AliasExistsException" else error.code
        raise AwsError(code, error.message) from error
    return {}
