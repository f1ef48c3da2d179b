"""Login tokens: who does the caller prove to be, and is it somebody whom this identity pool takes?

Source: Cognito developer guide, "Identity pools third-party identity providers".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import saml
from localcloud.federation.errors import AudienceError, FederationError, UnreachableError
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.providers import REFUSED, VERIFIERS, openid_connect
from localcloud.federation.user import FederatedUser
from localcloud.identitypool import openid_tokens, user_pool_tokens
from localcloud.identitypool.models import IdentityPool
from localcloud.identitypool.providers import canonical_name, user_pool_id
from localcloud.jws import InvalidTokenError

NO_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


@dataclass(frozen=True, slots=True)
class ProvenLogin:
    """A user of a provider, proven by a token; `provider` is its name as AWS writes it.

    `audience` is the app that the token was made for, `claims` is what the token says of the user; neither is part of
    who it is. Of a SAML provider, they are the recipient and the assertion's attributes.
    """

    provider: str
    sub: str
    audience: str = field(default="", compare=False)
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False)


def verify(ctx: Context, pool: IdentityPool, logins: Mapping[str, str]) -> list[ProvenLogin]:
    """Who the tokens, by provider name, prove the caller to be. One bad token refuses them all.

    Not to be called inside a transaction: another provider's keys may have to be fetched. Raises
    NotAuthorizedException, InvalidParameterException for a provider that nobody can sign in with here, and
    ExternalServiceException for one that cannot be reached.
    """
    proven = [_verify(ctx, pool, canonical_name(ctx.cloud, name), token) for name, token in logins.items()]
    return list(dict.fromkeys(proven))


def _verify(ctx: Context, pool: IdentityPool, name: str, token: str) -> ProvenLogin:
    if name in REFUSED:
        raise AwsError("InvalidParameterException", f"{name}: {REFUSED[name]} cannot be verified by the local cloud.")
    if not (pool.providers or pool.login_providers or pool.oidc_arns or pool.saml_arns or pool.developer_provider):
        raise AwsError("NotAuthorizedException", NO_MATCH)
    try:
        if (pool_id := user_pool_id(name)) is not None:
            return _user_pool_login(ctx, pool, name, pool_id, token)
        if name == openid_tokens.NAME:
            return _own_login(ctx, pool, token)
        if name in pool.saml_arns:
            return _proven(saml.verify_login(ctx, name, token))
        return _outside_login(ctx, pool, name, token)
    except UnreachableError as error:
        raise AwsError("ExternalServiceException", str(error)) from error
    except FederationError as error:
        raise _invalid(str(error)) from error


def _user_pool_login(ctx: Context, pool: IdentityPool, name: str, pool_id: str, token: str) -> ProvenLogin:
    clients = [entry for entry in pool.providers if entry.name == name]
    if not clients:
        raise _unsupported()
    claims = user_pool_tokens.verify(ctx, pool_id, token)
    if not user_pool_tokens.is_for(clients, claims):
        raise _unsupported()
    user_pool_tokens.check_live(ctx, clients, claims)
    return ProvenLogin(name, str(claims["sub"]), str(claims["aud"]), claims)


def _own_login(ctx: Context, pool: IdentityPool, token: str) -> ProvenLogin:
    """The login of somebody whom the app's backend vouches for (GetOpenIdTokenForDeveloperIdentity).

    Attack: a guest's own GetOpenIdToken, or one of another pool, presented as a login.
    """
    try:
        claims = openid_tokens.verify(ctx, token)
    except InvalidTokenError as error:
        raise _invalid(f"Couldn't verify the token: {error}.") from error
    if not pool.developer_provider or claims["aud"] != pool.id or pool.developer_provider not in claims["amr"]:
        raise _unsupported()
    return ProvenLogin(openid_tokens.NAME, str(claims["sub"]), str(claims["aud"]), claims)


def _outside_login(ctx: Context, pool: IdentityPool, name: str, token: str) -> ProvenLogin:
    """A public provider's user, or a user of an OpenID Connect provider in IAM; Google may be both, with more apps."""
    registered = _registered(ctx, pool, name)
    if name not in pool.login_providers and registered is None:
        raise _unsupported()
    if registered is not None and name not in pool.login_providers:
        return _proven(openid_connect.verify(ctx.cloud, registered, token))
    clients = {pool.login_providers[name], *(registered.client_ids if registered else ())}
    try:
        return _proven(VERIFIERS[name](ctx.cloud, token, clients))
    except AudienceError as error:
        raise _unsupported() from error


def _registered(ctx: Context, pool: IdentityPool, name: str) -> OpenIdProvider | None:
    """The OpenID Connect provider of the pool that a login names by its issuer without the scheme."""
    providers = (ctx.store.get(OpenIdProvider, arn) for arn in pool.oidc_arns)
    return next((found for found in providers if found and found.name.rstrip("/") == name.rstrip("/")), None)


def _proven(user: FederatedUser) -> ProvenLogin:
    return ProvenLogin(user.provider, user.subject, user.audience, user.claims)


def _unsupported() -> AwsError:
    return AwsError("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")


def _invalid(why: str) -> AwsError:
    return AwsError("NotAuthorizedException", f"Invalid login token. {why}")
