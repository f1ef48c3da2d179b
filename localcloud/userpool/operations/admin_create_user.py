"""AdminCreateUser: an administrator makes a user, who chooses a password of its own at the first sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import triggers, wire
from localcloud.userpool.accounts import attributes, invitations
from localcloud.userpool.accounts.aliases import release_aliases
from localcloud.userpool.accounts.users import create_user, find_user, insert_user, require_user, update_user
from localcloud.userpool.factors import first_factors, passwords
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make the user with a temporary password, or give one who waits another (`RESEND`), and send the password.

    Where the message fails, the user is there all the same, as on AWS: the call may be repeated with `RESEND`.
    """
    pool = require_pool(ctx, request["UserPoolId"])
    password = request.get("TemporaryPassword") or _generate(ctx, pool, request)
    if request.get("MessageAction") == "RESEND":
        user = _with_another(ctx, pool, request["Username"], password)
    else:
        user = _make(ctx, pool, request, password)
    invitations.send(ctx, pool, user, password, request)
    return {"User": wire.user_type(user)}


def _generate(ctx: Context, pool: UserPool, request: Mapping[str, Any]) -> str:
    """A temporary password; empty where no message will tell it, and where the pool's users need none."""
    if request.get("MessageAction") == "SUPPRESS" or first_factors.is_passwordless(pool):
        return ""
    return passwords.generate(ctx, pool)


def _make(ctx: Context, pool: UserPool, request: Mapping[str, Any], password: str) -> User:
    user = _new_user(ctx, pool, request)
    if find_user(ctx, pool, request["Username"]) is not None:
        raise AwsError("UsernameExistsException", "User account already exists")
    if password:
        user = replaced(user, **passwords.password_fields(ctx, pool, user.username, password, temporary=True))
    elif first_factors.is_passwordless(pool):
        first_factors.check_needs_no_password(pool, user)
        user = replaced(user, status="CONFIRMED")
    validation, metadata = attributes.read_list(request.get("ValidationData")), request.get("ClientMetadata") or {}
    # What the trigger says about confirming and verifying counts for SignUp only.
    triggers.pre_sign_up(ctx, pool, "", user, "AdminCreateUser", validation, metadata)
    with ctx.store.transaction():
        if request.get("ForceAliasCreation"):
            release_aliases(ctx, pool, user)
        insert_user(ctx, pool, user)
    return user


def _new_user(ctx: Context, pool: UserPool, request: Mapping[str, Any]) -> User:
    given = attributes.read_list(request.get("UserAttributes"))
    # Attack: a user who is made under the sub of another one.
    if "sub" in given:
        raise AwsError("InvalidParameterException", "Attributes did not conform to the schema: sub: cannot be set.")
    user = create_user(ctx, pool, request["Username"], given, "FORCE_CHANGE_PASSWORD")
    attributes.check(pool, user.attributes)
    for name in attributes.VERIFIABLE:
        if user.attributes.get(f"{name}_verified") == "true" and not user.attributes.get(name):
            raise AwsError("InvalidParameterException", f"{name} is required when {name}_verified is true.")
    invitations.addresses(user, request)
    return user


def _with_another(ctx: Context, pool: UserPool, username: str, password: str) -> User:
    user = require_user(ctx, pool, username)
    made = passwords.password_fields(ctx, pool, user.username, password, temporary=True)

    def change(kept: User) -> User:
        if kept.status != "FORCE_CHANGE_PASSWORD":
            raise AwsError(
                "UnsupportedUserStateException", f"Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD"
            )
        return replaced(kept, **made)

    return update_user(ctx, pool, user.sub, change)
