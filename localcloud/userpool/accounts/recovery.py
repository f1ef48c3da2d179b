"""Who may choose a new password by a code, and through which address."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import find_user, stand_in_user
from localcloud.userpool.messages import recovery_attribute
from localcloud.userpool.models import AppClient, User, UserPool

_NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"


def recovering(ctx: Context, pool: UserPool, client: AppClient, username: str) -> tuple[User, str | None]:
    """The user of that name and the attribute that the code goes to. Raises AwsError where there is none.

    Attack: asking who exists. Where the client hides users, whoever cannot recover is a stand-in with no attribute:
    codes are made, counted and refused for it just the same.
    """
    user = find_user(ctx, pool, username)
    if user is not None and client.hides_users and _why_not(pool, user) is None:
        return user, recovery_attribute(pool, user)
    if client.hides_users:
        return stand_in_user(ctx, pool, username), None
    if user is None:
        raise AwsError("UserNotFoundException", "Username/client id combination not found.")
    if (error := _why_not(pool, user)) is not None:
        raise error
    return user, recovery_attribute(pool, user)


def _why_not(pool: UserPool, user: User) -> AwsError | None:
    if not user.enabled:
        return AwsError("NotAuthorizedException", "User is disabled.")
    # A provider's user has no password here. Source: aws-amplify/amplify-js#2383.
    if user.status in ("FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"):
        return AwsError("NotAuthorizedException", "User password cannot be reset in the current state.")
    if recovery_attribute(pool, user) is None:
        return AwsError("InvalidParameterException", _NO_ADDRESS)
    return None
