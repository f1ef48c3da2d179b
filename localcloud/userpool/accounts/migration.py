"""Users who come from another directory, the first time they sign in or have forgotten their password.

Source: Cognito developer guide, "Migrate user Lambda trigger".
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import triggers
from localcloud.userpool.accounts import attributes, invitations
from localcloud.userpool.accounts.aliases import release_aliases
from localcloud.userpool.accounts.users import create_user, find_user, insert_user, stand_in
from localcloud.userpool.factors.passwords import secret_fields
from localcloud.userpool.limits import lock_out
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.triggers.answer import wrong

_HIDDEN = "********"
"""What the welcome message has in place of the password, which its user chose long ago and knows."""


def at_sign_in(
    ctx: Context, pool: UserPool, client: AppClient, username: str, password: str, validation: Mapping[str, str]
) -> User | None:
    """The user of a name that nobody has here, with this password, which the trigger has checked; None for nobody."""
    nobody, user = stand_in(ctx, pool, username), None
    # Attack: guessing the password of somebody in the other directory, which answers as often as it is asked.
    lock_out.check(ctx, pool.id, nobody, lock_out.PASSWORD)
    try:
        found = _ask(ctx, pool, client, username, "Authentication", password, validation, {})
        user = _take_over(ctx, pool, username, found, password)
    finally:
        # Where the client hides who exists, the sign-in goes on, and counts the wrong password itself.
        if user is None and not client.hides_users:
            lock_out.settle(ctx, pool.id, nobody, lock_out.PASSWORD, right=False)
    return user


def at_forgotten_password(
    ctx: Context, pool: UserPool, client: AppClient, username: str, metadata: Mapping[str, str]
) -> User | None:
    """The same for somebody who has forgotten the password, and has none here until the code is used."""
    found = _ask(ctx, pool, client, username, "ForgotPassword", "", {}, metadata)
    return _take_over(ctx, pool, username, found, "")


def _ask(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    source: str,
    password: str,
    validation: Mapping[str, str],
    metadata: Mapping[str, str],
) -> triggers.FoundUser | None:
    try:
        return triggers.user_migration(ctx, pool, client, username, source, password, validation, metadata)
    except AwsError as error:
        # Attack: asking the other directory who exists, by what the function says about a wrong password.
        if error.code == "UserLambdaValidationException" and client.hides_users:
            return None
        raise


def _take_over(
    ctx: Context, pool: UserPool, username: str, found: triggers.FoundUser | None, password: str
) -> User | None:
    if found is None:
        return None
    try:
        user = _new_user(ctx, pool, username, found, password)
        request = {"Username": username, "DesiredDeliveryMediums": found.media}
        if found.suppress:
            request["MessageAction"] = "SUPPRESS"
        invitations.addresses(user, request)
    except AwsError as error:
        raise AwsError("InvalidLambdaResponseException", f"UserMigration: {error.message}") from error
    try:
        with ctx.store.transaction():
            if found.force_alias:
                release_aliases(ctx, pool, user)
            insert_user(ctx, pool, user)
    except AwsError:
        # Of two first sign-ins at once one makes the user. Another's alias was not to be taken: nobody is made.
        return find_user(ctx, pool, username)
    invitations.send(ctx, pool, user, _HIDDEN, request)
    return user


def _new_user(ctx: Context, pool: UserPool, username: str, found: triggers.FoundUser, password: str) -> User:
    user = create_user(ctx, pool, username, found.attributes, found.status)
    attributes.check(pool, user.attributes, new_user=True)
    if password:
        # As on AWS the policy is not asked: it binds passwords that are chosen here.
        temporary = found.status == "FORCE_CHANGE_PASSWORD"
        user = replaced(user, **secret_fields(ctx, pool, user.username, password, temporary=temporary))
    if not found.sms_mfa:
        return user
    if "SMS_MFA" not in (pool.config.get("EnabledMfas") or ()) or not user.attributes.get("phone_number"):
        raise wrong("enableSMSMFA")
    return replaced(user, mfa_methods=["SMS_MFA"], mfa_preferred="SMS_MFA")
