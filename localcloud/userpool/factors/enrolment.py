"""Setting up an authenticator app, in the middle of a sign-in (MFA_SETUP) or afterwards, and choosing to use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import sessions, sign_in
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import passkeys, second_factors, totp
from localcloud.userpool.factors.second_factors import EMAIL, SMS, TOTP
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.pools import require_client
from localcloud.userpool.sign_in_state import PendingToken
from localcloud.userpool.tokens import verify_access

_SETTINGS = {"SMSMfaSettings": SMS, "EmailMfaSettings": EMAIL, "SoftwareTokenMfaSettings": TOTP}


def begin_for_user(ctx: Context, access_token: str) -> str:
    """A new secret for a signed-in user; the app enrolled before stays in use until the new one is verified."""
    pool, user, _ = verify_access(ctx, access_token)
    _check_enabled(pool)
    secret = totp.make_secret(ctx.cloud.random(32))
    ctx.store.put(PendingToken(pool.id, user.sub, secret))
    return secret


def begin_in_sign_in(ctx: Context, session: str | None, via: str = "api") -> tuple[str, str]:
    """A new secret and the session that carries it, for a sign-in that waits at MFA_SETUP."""
    waiting, s = _waiting(ctx, session, via)
    secret = totp.make_secret(ctx.cloud.random(32))
    sessions.spend(ctx, waiting.id)
    # Attack: keeping a half-done sign-in alive for ever by asking for one secret after another.
    return secret, sign_in.session_of(ctx, s.noting(totp_secret=secret), "MFA_SETUP", waiting.expires)


def finish_for_user(ctx: Context, access_token: str, code: str) -> None:
    """Enrol a signed-in user's new app. Raises EnableSoftwareTokenMFAException."""
    pool, user, _ = verify_access(ctx, access_token)
    pending = ctx.store.get(PendingToken, pool.id, user.sub)
    if pending is None:
        raise AwsError("InvalidParameterException", "No software token is waiting to be verified.")
    _enrol(ctx, pool, user, pending.secret, code)
    ctx.store.delete(PendingToken, pool.id, user.sub)


def finish_in_sign_in(ctx: Context, session: str | None, code: str, via: str = "api") -> str:
    """Enrol the app of a sign-in; the session that MFA_SETUP takes as its answer."""
    waiting, s = _waiting(ctx, session, via)
    secret = s.notes.get("totp_secret")
    if not secret:
        raise AwsError("InvalidParameterException", "No software token is waiting to be verified.")
    try:
        user = _enrol(ctx, s.pool, s.known_user, secret, code, first=True)
    except AwsError:
        sessions.fail(ctx, waiting.id)
        raise
    sessions.spend(ctx, waiting.id)
    s = s.forgetting(user=user).noting(totp_verified="yes")
    return sign_in.session_of(ctx, s, "MFA_SETUP", waiting.expires)


def set_preference(ctx: Context, pool: UserPool, user: User, request: Mapping[str, Any]) -> None:
    """Turn second factors on or off, and prefer one. Raises InvalidParameterException for one the user cannot have."""
    passkey = (request.get("WebAuthnMfaSettings") or {}).get("Enabled")
    given = {factor: request[name] for name, factor in _SETTINGS.items() if request.get(name) is not None}
    on, off, preferred = (
        [factor for factor, settings in given.items() if bool(settings.get(name)) is wanted]
        for name, wanted in (("Enabled", True), ("Enabled", False), ("PreferredMfa", True))
    )
    for factor in on:
        _check_has(pool, user, factor)
    if set(preferred) & set(off):
        raise AwsError("InvalidParameterException", "Cannot set preferred an MFA option that is not enabled.")
    if len(preferred) > 1:
        raise AwsError("InvalidParameterException", "Only one MFA option can be set as preferred.")

    def change(kept: User) -> User:
        methods = [f for f in second_factors.ORDER if f in on or (f in kept.mfa_methods and f not in off)]
        methods = _with_passkey(pool, kept, methods, passkey)
        before = "" if kept.mfa_preferred in given else kept.mfa_preferred
        return replaced(kept, mfa_methods=methods, mfa_preferred=preferred[0] if preferred else before)

    update_user(ctx, pool, user.sub, change)


def _check_has(pool: UserPool, user: User, factor: str) -> None:
    if factor == TOTP:
        if not user.totp_secret:
            raise AwsError("InvalidParameterException", "User has not verified software token mfa")
    elif factor not in second_factors.enabled(pool):
        raise AwsError("InvalidParameterException", f"{factor} is not enabled for the user pool.")
    elif not user.attributes.get(second_factors.ADDRESS[factor]):
        raise AwsError("InvalidParameterException", f"User does not have delivery config set to turn on {factor}")


def _with_passkey(pool: UserPool, user: User, methods: list[str], wanted: bool | None = None) -> list[str]:
    """These methods, and passkeys as both factors in one where that is wanted, or was on.

    Attack: being locked out with the passkey, and locking others out: there has to be another factor.
    Source: API reference, `WebAuthnMfaSettingsType`.
    """
    if wanted and not passkeys.counts_twice(pool.config):
        raise AwsError("InvalidParameterException", "Passkeys are not a second factor in this user pool.")
    if wanted and not methods:
        raise AwsError("InvalidParameterException", "User has to turn on another MFA option besides passkeys.")
    is_on = passkeys.MFA in user.mfa_methods if wanted is None else wanted
    return [*methods, passkeys.MFA] if is_on and methods else methods


def _check_enabled(pool: UserPool) -> None:
    if TOTP not in pool.config.get("EnabledMfas", ()):
        raise AwsError("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool")


def _waiting(ctx: Context, session: str | None, via: str) -> tuple[sessions.SealedSession, SignIn]:
    if not session:
        raise AwsError("InvalidParameterException", "Either AccessToken or Session is required.")
    peeked = sessions.peek(ctx, session)
    pool, client = _client(ctx, peeked.client_id if peeked else "")
    return sign_in.resume(ctx, pool, client, session, "MFA_SETUP", via)


def _client(ctx: Context, client_id: str) -> tuple[UserPool, AppClient]:
    try:
        return require_client(ctx, client_id)
    except AwsError as error:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.") from error


def _enrol(ctx: Context, pool: UserPool, user: User, secret: str, code: str, *, first: bool = False) -> User:
    step = totp.matching_step(secret, code, ctx.now)
    if step is None:
        raise AwsError("EnableSoftwareTokenMFAException", "Code mismatch")

    def change(kept: User) -> User:
        # Attack: with the password alone, putting one's own app in the place of one that was enrolled meanwhile.
        if first and kept.totp_secret:
            raise AwsError("NotAuthorizedException", "Invalid session for the user.")
        enrolled = replaced(kept, totp_secret=secret, totp_last_step=step)
        if pool.mfa != "ON":
            return enrolled
        methods = [f for f in second_factors.ORDER if f == TOTP or f in kept.mfa_methods]
        return replaced(enrolled, mfa_methods=_with_passkey(pool, kept, methods), mfa_preferred=TOTP)

    return update_user(ctx, pool, user.sub, change)
