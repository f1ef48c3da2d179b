"""Login tokens: who does the caller prove to be, and is it somebody whom this identity pool takes?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool.models import IdentityPool, UserPoolProvider
from localcloud.identitypool.providers import canonical_name, user_pool_id
from localcloud.jws import InvalidTokenError, unverified_issuer
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import signing_key
from localcloud.userpool.tokens import is_live

NO_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


@dataclass(frozen=True, slots=True)
class ProvenLogin:
    """A user of a provider, proven by a token; `provider` is its name as AWS writes it."""

    provider: str
    sub: str


def verify(ctx: Context, pool: IdentityPool, logins: Mapping[str, str]) -> list[ProvenLogin]:
    """Who the tokens, by provider name, prove the caller to be. One bad token refuses them all.

    Raises NotAuthorizedException, and InvalidParameterException for providers other than user pools. Source: Cognito
    developer guide, "Identity pools authentication flow".
    """
    proven = [_verify(ctx, pool, canonical_name(ctx.cloud, name), token) for name, token in logins.items()]
    return list(dict.fromkeys(proven))


def _verify(ctx: Context, pool: IdentityPool, provider: str, token: str) -> ProvenLogin:
    pool_id = user_pool_id(provider)
    if pool_id is None:
        raise AwsError("InvalidParameterException", f"Login provider {provider} is not supported by the local cloud.")
    if not pool.providers:
        raise AwsError("NotAuthorizedException", NO_MATCH)
    clients = [entry for entry in pool.providers if entry.name == provider]
    if not clients:
        raise _unsupported()
    claims = _verify_id_token(ctx, pool_id, token)
    _check_client(ctx, clients, claims)
    return ProvenLogin(provider, str(claims["sub"]))


def _verify_id_token(ctx: Context, pool_id: str, token: str) -> Mapping[str, Any]:
    if ctx.store.get(UserPool, pool_id) is None:
        raise _invalid("Couldn't verify signed token.")
    issuer = ctx.cloud.issuer_of(pool_id)
    try:
        claims = signing_key(ctx, pool_id).verify(token)
    except InvalidTokenError as error:
        # Attack: a forged token, `alg: none`, another pool's. What it says of itself only chooses the words here.
        raise _invalid(_explain(token, issuer)) from error
    if claims.get("iss") != issuer:
        raise _invalid("Issuer doesn't match providerName")
    # Attack: an access token, which a client hands to every API it calls, used to sign in as its owner.
    if "aud" not in claims:
        raise _invalid("Missing a required claim: aud")
    if claims.get("token_use") != "id":
        raise _invalid("Not a valid OpenId Connect identity token.")
    if ctx.now >= claims["exp"]:
        raise _invalid(f"Token expired: {int(ctx.now)} >= {claims['exp']}")
    return claims


def _check_client(ctx: Context, clients: list[UserPoolProvider], claims: Mapping[str, Any]) -> None:
    # Attack: a token made for another app of the same user pool, which may be anybody's.
    client = next((entry for entry in clients if entry.client_id == claims["aud"]), None)
    if client is None:
        raise _unsupported()
    # Attack: an ID token kept from before its user signed out, was disabled or deleted.
    if client.checks_server_side and not is_live(ctx, claims):
        raise _invalid("Token has been revoked.")


def _explain(token: str, issuer: str) -> str:
    claimed = unverified_issuer(token)
    if not claimed:
        return "Not a valid OpenId Connect identity token."
    return "Couldn't verify signed token." if claimed == issuer else "Issuer doesn't match providerName"


def _unsupported() -> AwsError:
    return AwsError("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")


def _invalid(why: str) -> AwsError:
    return AwsError("NotAuthorizedException", f"Invalid login token. {why}")
