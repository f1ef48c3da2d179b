"""Whether a user may sign in at all, told only to someone who has proven the password."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import User


def check_may_sign_in(ctx: Context, user: User) -> None:
    """Raise NotAuthorizedException, UserNotConfirmedException or PasswordResetRequiredException."""
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status == "UNCONFIRMED":
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    if user.status == "RESET_REQUIRED":
        raise password_reset_required()
    if user.status == "FORCE_CHANGE_PASSWORD" and ctx.now > user.temporary_until:
        raise AwsError(
            "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."
        )


def check_without_password(ctx: Context, user: User) -> None:
    """Raise as `check_may_sign_in` does, for somebody who has proven an address or a passkey and no password.

    An account that waits to be confirmed may be: a code that comes back confirms it. Source: Cognito developer guide,
    "Passwordless sign-in with one-time passwords".
    """
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    # Imported users have no password, and need none. One that an administrator has reset has to be chosen anew.
    if user.status == "RESET_REQUIRED" and has_password(user):
        raise password_reset_required()


def check_after_triggers(ctx: Context, user: User) -> None:
    """Raise as `check_may_sign_in` does, for somebody whom the triggers of CUSTOM_AUTH let in, without a password."""
    if user.status == "UNCONFIRMED":
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    check_without_password(ctx, user)


def password_reset_required() -> AwsError:
    """The answer to somebody who has to choose a password anew."""
    return AwsError("PasswordResetRequiredException", "Password reset required for the user")


def has_password(user: User) -> bool:
    """Whether the user has one, be it another system's hash."""
    return bool(user.verifier or user.imported_hash)
