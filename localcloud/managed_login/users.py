"""Users who have signed in before: whether that still counts."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.account import check_may_sign_in
from localcloud.userpool.models import User


def still_signed_in(ctx: Context, pool_id: str, sub: str) -> User | None:
    """The user of an earlier sign-in; None where it is gone, disabled, or has to sign in anew.

    Attack: going on with a session or code that was given out before an administrator locked the user out.
    """
    user = ctx.store.get(User, pool_id, sub)
    if user is None or user.status == "FORCE_CHANGE_PASSWORD":
        return None
    try:
        check_may_sign_in(ctx, user)
    except AwsError:
        return None
    return user
