"""ChangePassword: a signed-in user replaces its password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.account import has_password
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.factors.passwords import is_right, password_fields
from localcloud.userpool.limits import lock_out
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Check the old password, set the new one."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    if user.status == "EXTERNAL_PROVIDER":
        raise AwsError("NotAuthorizedException", "User is not authorized to change password.")
    # Attack: a stolen access token that would otherwise be enough to take the account over for good.
    lock_out.check(ctx, pool.id, user.sub, lock_out.CHANGE)
    given = request.get("PreviousPassword")
    # Whoever has none may set one. Source: developer guide, "Passwordless sign-in with one-time passwords".
    right = is_right(ctx, pool, user, given or "") if has_password(user) else given is None
    lock_out.settle(ctx, pool.id, user.sub, lock_out.CHANGE, right=right)
    if not right:
        raise AwsError("NotAuthorizedException", "Incorrect username or password.")
    secret = password_fields(ctx, pool, user.username, request["ProposedPassword"])
    update_user(ctx, pool, user.sub, lambda kept: replaced(kept, **secret))
    auth_events.record(ctx, pool, claims["client_id"], user, "PasswordChange")
    return {}
