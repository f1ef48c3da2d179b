"""Tokens of the identity pool itself: what a client of the classic flow, or of a backend, shows to STS.

https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import session_tags
from localcloud.identitypool.models import Identity, arn_of
from localcloud.jws import RS512, InvalidTokenError, Key
from localcloud.userpool.pools import signing_key

NAME = "cognito-identity.amazonaws.com"
"""The identity pool as a login provider, and as the principal of trust policies."""

ISSUER = f"https://{NAME}"
SECONDS = 600
"""How long the token of GetOpenIdToken is good for. Source: GetOpenIdToken."""

POOL_ARN = f"{ISSUER}/identity-pool-arn"


class ExpiredError(InvalidTokenError):
    """A token of an identity pool that has ended."""


def issue(
    ctx: Context,
    identity: Identity,
    methods: Sequence[str],
    *,
    seconds: int = SECONDS,
    tags: Mapping[str, str] | None = None,
) -> str:
    """A token of an identity. `methods` is its `amr`: how its user has proven to be somebody, or that nobody has."""
    claims: dict[str, Any] = {
        "sub": identity.id,
        "aud": identity.pool_id,
        "amr": list(methods),
        "iss": ISSUER,
        POOL_ARN: arn_of(ctx.cloud, identity.pool_id),
        "exp": int(ctx.now) + seconds,
        "iat": int(ctx.now),
    }
    if tags:
        claims[session_tags.CLAIM] = {"principal_tags": {key: [value] for key, value in tags.items()}}
    return key(ctx).sign(claims)


def verify(ctx: Context, token: str) -> dict[str, Any]:
    """The claims of a token that an identity pool here has issued. Raises InvalidTokenError, ExpiredError among them.

    Attack: a user pool's token, or anything else that this cloud has signed: each issuer has a key of its own.
    """
    claims = key(ctx).verify(token)
    if claims.get("iss") != ISSUER:
        raise InvalidTokenError("not of an identity pool")
    if ctx.now >= claims["exp"]:
        raise ExpiredError("expired")
    return claims


def refuse_own(logins: Mapping[str, str]) -> Mapping[str, str]:
    """The logins of a request, for calls that take only other providers' tokens. Raises NotAuthorizedException."""
    if NAME in logins:
        raise AwsError("NotAuthorizedException", "Invalid login token. Can't pass in a Cognito token.")
    return logins


def key(ctx: Context) -> Key:
    """The one key of all identity pools, kept under a name that no user pool can have."""
    return dataclasses.replace(signing_key(ctx, NAME), algorithm=RS512)
