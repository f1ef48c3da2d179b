"""Authorization codes: short-lived, good once, and only for the client, URI and verifier they were made for."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from localcloud.context import Context
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.models import AuthorizationCode
from localcloud.managed_login.request import LoginRequest
from localcloud.store import replaced
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient

if TYPE_CHECKING:
    from localcloud.managed_login.authorization import AuthorizationRequest

SECONDS = 300
"""Source: Cognito developer guide, "Token endpoint": a code is good for five minutes."""


def issue(request: LoginRequest, wanted: AuthorizationRequest, sub: str, auth_time: int) -> str:
    """A code that this client can exchange."""
    ctx, secret = request.ctx, request.ctx.cloud.random(32).hex()
    ctx.store.insert(
        AuthorizationCode(
            digest=_digest(ctx, secret),
            pool_id=request.pool.id,
            client_id=wanted.client.id,
            sub=sub,
            redirect_uri=wanted.redirect_uri,
            scopes=" ".join(wanted.scopes),
            nonce=wanted.nonce,
            resource=wanted.resource,
            code_challenge=wanted.code_challenge,
            auth_time=auth_time,
            expires=ctx.now + SECONDS,
        )
    )
    return secret


def spend(ctx: Context, client: AppClient, code: str, redirect_uri: str, verifier: str) -> AuthorizationCode:
    """The code, from now on used. Raises OAuthError `invalid_grant`, the same for every reason."""
    with ctx.store.transaction():
        kept = ctx.store.get(AuthorizationCode, _digest(ctx, code))
        if kept is None or kept.client_id != client.id:
            raise _invalid("no such code of this client")
        ctx.store.put(replaced(kept, spent=True, replayed=kept.spent))
    if kept.spent:
        # Attack: a stolen code, used after the app used it, or before. Neither side keeps what came of it.
        tokens.revoke_sign_in(ctx, kept.origin_jti)
        raise _invalid("the code was used before: the tokens that it gave are revoked")
    if ctx.now > kept.expires:
        raise _invalid("the code has expired")
    # Attack: a code injected into another exchange: other URI, other browser's verifier, or none at all.
    if redirect_uri != kept.redirect_uri:
        raise _invalid("redirect_uri is another one than the code was issued for")
    if not _verifies(kept.code_challenge, verifier):
        raise _invalid("code_verifier does not fit the code_challenge")
    return kept


def remember_tokens(ctx: Context, code: str, origin_jti: str) -> None:
    """Keep what the code gave, so that a second use can end it; and end it now if that came meanwhile."""
    key = (_digest(ctx, code),)
    kept = ctx.store.update(AuthorizationCode, key, lambda kept: replaced(kept, origin_jti=origin_jti))
    if kept.replayed:
        tokens.revoke_sign_in(ctx, origin_jti)
        raise _invalid("the code was used twice at once")


def _verifies(challenge: str, verifier: str) -> bool:
    """A verifier without a challenge is refused, too: it is the sign of a request that lost its challenge."""
    if not challenge:
        return not verifier
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())


def _digest(ctx: Context, secret: str) -> str:
    return ctx.cloud.sealer.digest("authorization code", secret)


def _invalid(why: str) -> OAuthError:
    return OAuthError("invalid_grant", why)
