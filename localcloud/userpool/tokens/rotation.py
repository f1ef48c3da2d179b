"""Refresh tokens: one for a whole sign-in, or, with rotation, a new one at each refresh.

A token that was rotated out is good for the client's grace period, counted from its first use. Its successors live as
long as it would have. Source: Cognito developer guide, "Refresh token rotation".
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import AppClient, User
from localcloud.userpool.sign_in_state import RefreshToken, RotatingToken


def new_token(ctx: Context, origin_jti: str) -> str:
    """A refresh token of a sign-in, which is found by the part before the dot; the other part nobody can guess."""
    return f"{origin_jti}.{base64.urlsafe_b64encode(ctx.cloud.random(48)).decode()}"


def digest(token: str) -> str:
    """What is kept of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_of(ctx: Context, refresh: str) -> RefreshToken | None:
    """The sign-in that a refresh token was issued for, rotated out or not; None for a made-up one."""
    record = ctx.store.get(RefreshToken, refresh.partition(".")[0])
    if record is None:
        return None
    mine = hmac.compare_digest(record.digest, digest(refresh))
    return record if mine or _rotating(ctx, record, refresh) else None


def names_behind(ctx: Context, refresh: str) -> tuple[str, ...]:
    """The names a client may have hashed with its secret for this refresh token; none for an unknown token."""
    record = sign_in_of(ctx, refresh)
    user = record and ctx.store.get(User, record.pool_id, record.sub)
    if not user:
        return ()
    return (user.username, user.sub, *(user.attributes[n] for n in ("email", "phone_number") if n in user.attributes))


def check(ctx: Context, client: AppClient, record: RefreshToken, refresh: str) -> None:
    """Raise RefreshTokenReuseException for a token that was rotated out, and end its sign-in.

    Attack: a stolen refresh token. Whoever of the thief and the owner comes second shows it, and nobody can tell which
    one that is. Source: RFC 9700, section 4.14.2.
    """
    if _is_over(ctx, _rotating(ctx, record, refresh)):
        with ctx.store.transaction():
            ctx.store.update(RefreshToken, (record.origin_jti,), lambda kept: replaced(kept, revoked=True))
        raise _reused(client)


def rotate(ctx: Context, client: AppClient, record: RefreshToken, refresh: str) -> str:
    """The next refresh token. Of two that rotate one token at once, both get one within its grace, or else the first.

    Raises as `check` does, but the sign-in stays: both had the token while it was good.
    """
    with ctx.store.transaction():
        # The trigger took its time: the sign-in may have ended meanwhile.
        kept = ctx.store.get(RefreshToken, record.origin_jti)
        if kept is None or kept.revoked:
            raise revoked()
        used = _rotating(ctx, record, refresh) or _entry(record, refresh)
        if _is_over(ctx, used):
            raise _reused(client)
        if used.good_until is None:
            ctx.store.put(replaced(used, good_until=ctx.now + (client.rotation_grace or 0)))
        token = new_token(ctx, record.origin_jti)
        ctx.store.put(_entry(record, token))
    return token


def revoked() -> AwsError:
    """The answer to a token whose sign-in was ended."""
    return AwsError("NotAuthorizedException", "Refresh Token has been revoked")


def _reused(client: AppClient) -> AwsError:
    if client.rotation_grace is None:
        return revoked()
    return AwsError("RefreshTokenReuseException", "Refresh Token has been rotated and can not be used again")


def _rotating(ctx: Context, record: RefreshToken, refresh: str) -> RotatingToken | None:
    return ctx.store.get(RotatingToken, record.origin_jti, digest(refresh))


def _entry(record: RefreshToken, refresh: str) -> RotatingToken:
    return RotatingToken(record.origin_jti, digest(refresh), record.pool_id, record.sub, record.expires)


def _is_over(ctx: Context, kept: RotatingToken | None) -> bool:
    return kept is not None and kept.good_until is not None and ctx.now >= kept.good_until
