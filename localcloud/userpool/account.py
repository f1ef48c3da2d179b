"""Whether a user may sign in at all, told only to someone who has proven the password."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import User, UserPool


def check_may_sign_in(ctx: Context, user: User) -> None:
    """Raise NotAuthorizedException, UserNotConfirmedException or PasswordResetRequiredException."""
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status == "UNCONFIRMED":
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    if user.status == "RESET_REQUIRED":
        raise AwsError("PasswordResetRequiredException", "Password reset required for the user")
    if user.status == "FORCE_CHANGE_PASSWORD" and ctx.now > user.temporary_until:
        raise AwsError(
            "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."
        )


def needs_mfa(pool: UserPool, user: User) -> bool:
    """Whether this user must show a second factor. Source: SetUserPoolMfaConfig, MfaConfiguration."""
    if pool.mfa == "ON":
        return True
    return pool.mfa == "OPTIONAL" and bool(user.mfa_methods)
