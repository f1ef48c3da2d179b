"""AdminDeleteSoftwareToken: a user who lost its authenticator app gets rid of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.factors.second_factors import TOTP
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool
from localcloud.userpool.sign_in_state import PendingToken


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Forget the app's secret; the user can register another one. Raises ResourceNotFoundException."""
    pool = require_pool(ctx, request["UserPoolId"])
    with ctx.store.transaction():
        user = update_user(ctx, pool, require_user(ctx, pool, request["Username"]).sub, _without_token)
        ctx.store.delete_where(PendingToken, pool_id=pool.id, sub=user.sub)
    return {}


def _without_token(user: User) -> User:
    if not user.totp_secret:
        raise AwsError("ResourceNotFoundException", "User does not have a software token.")
    return replaced(
        user,
        totp_secret="",
        totp_last_step=0,
        mfa_methods=[method for method in user.mfa_methods if method != TOTP],
        mfa_preferred="" if user.mfa_preferred == TOTP else user.mfa_preferred,
    )
