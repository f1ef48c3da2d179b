"""Whether an access token is one of ours and its sign-in still stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.jws import InvalidTokenError, unverified_issuer
from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.pools import require_pool, signing_key
from localcloud.userpool.sign_in_state import RefreshToken


def verify_access(ctx: Context, token: str) -> tuple[UserPool, User, dict[str, Any]]:
    """The pool, user and claims of an access token that may manage its user. Raises NotAuthorizedException."""
    pool, user, claims = verify_live(ctx, token)
    if scopes.USER not in str(claims.get("scope", "")).split():
        raise AwsError("NotAuthorizedException", "Access Token does not have required scopes")
    return pool, user, claims


def verify_live(ctx: Context, token: str) -> tuple[UserPool, User, dict[str, Any]]:
    """The pool, user and claims of an access token of any scopes. Raises NotAuthorizedException."""
    pool, claims = _verify(ctx, token)
    user = ctx.store.get(User, pool.id, str(claims["sub"]))
    if user is None:
        raise AwsError("NotAuthorizedException", "Access Token has been revoked")
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    return pool, user, claims


def is_live(ctx: Context, claims: Mapping[str, Any]) -> bool:
    """Whether the sign-in behind these claims still stands and its user is enabled: an identity pool's token check."""
    record = ctx.store.get(RefreshToken, str(claims.get("origin_jti", "")))
    if record is None or record.revoked:
        return False
    user = ctx.store.get(User, record.pool_id, record.sub)
    return user is not None and user.enabled


def _verify(ctx: Context, token: str) -> tuple[UserPool, dict[str, Any]]:
    pool_id = unverified_issuer(token).rsplit("/", 1)[-1]
    try:
        pool = require_pool(ctx, pool_id)
        claims = signing_key(ctx, pool_id).verify(token)
    except (AwsError, InvalidTokenError) as error:
        raise AwsError("NotAuthorizedException", "Invalid Access Token") from error
    if claims.get("token_use") != "access" or claims.get("iss") != ctx.cloud.issuer_of(pool_id):
        raise AwsError("NotAuthorizedException", "Invalid Access Token")
    if ctx.now >= claims["exp"]:
        raise AwsError("NotAuthorizedException", "Access Token has expired")
    record = ctx.store.get(RefreshToken, str(claims.get("origin_jti", "")))
    if record is None or record.revoked:
        raise AwsError("NotAuthorizedException", "Access Token has been revoked")
    return pool, claims
