"""ID tokens of user pools as logins: made by the pool, as an ID token, for an app of this identity pool, and live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.federation.errors import TokenError, TokenExpiredError
from localcloud.federation.openid import NO_TOKEN, WRONG_ISSUER
from localcloud.federation.signatures import BAD_SIGNATURE
from localcloud.identitypool.models import UserPoolProvider
from localcloud.jws import InvalidTokenError, unverified_issuer
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import signing_key
from localcloud.userpool.tokens import is_live


def verify(ctx: Context, pool_id: str, token: str) -> Mapping[str, Any]:
    """The claims of a user pool's ID token. Raises TokenError."""
    if ctx.store.get(UserPool, pool_id) is None:
        raise TokenError(BAD_SIGNATURE)
    issuer = ctx.cloud.issuer_of(pool_id)
    try:
        claims = signing_key(ctx, pool_id).verify(token)
    except InvalidTokenError as error:
        # Attack: a forged token, `alg: none`, another pool's. What it says of itself only chooses the words here.
        raise TokenError(_explain(token, issuer)) from error
    if claims.get("iss") != issuer:
        raise TokenError(WRONG_ISSUER)
    # Attack: an access token, which a client hands to every API it calls, used to sign in as its owner.
    if "aud" not in claims:
        raise TokenError("Missing a required claim: aud")
    if claims.get("token_use") != "id":
        raise TokenError(NO_TOKEN)
    if ctx.now >= claims["exp"]:
        raise TokenExpiredError.at(ctx.now, claims["exp"])
    return claims


def is_for(clients: Sequence[UserPoolProvider], claims: Mapping[str, Any]) -> bool:
    """Whether the token was made for one of these apps. Attack: another app of the same user pool, maybe anybody's."""
    return any(client.client_id == claims["aud"] for client in clients)


def check_live(ctx: Context, clients: Sequence[UserPoolProvider], claims: Mapping[str, Any]) -> None:
    """Raise TokenError if the app asks for the server-side check, and the sign-in behind the token has ended.

    Attack: an ID token kept from before its user signed out, was disabled or deleted.
    """
    asks = any(client.client_id == claims["aud"] and client.checks_server_side for client in clients)
    if asks and not is_live(ctx, claims):
        raise TokenError("Token has been revoked.")


def _explain(token: str, issuer: str) -> str:
    claimed = unverified_issuer(token)
    if not claimed:
        return NO_TOKEN
    return BAD_SIGNATURE if claimed == issuer else WRONG_ISSUER
