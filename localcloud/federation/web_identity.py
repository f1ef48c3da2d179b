"""The token of AssumeRoleWithWebIdentity: whose it is, and what a trust policy may ask of it.

Tokens of identity pools are the pools' own (`identitypool/openid_tokens.py`); STS asks there first.
"""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import openid, session_tags
from localcloud.federation.errors import FederationError
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.principal import FederatedPrincipal
from localcloud.federation.providers import (
    VERIFIERS,
    accounts_google_com,
    graph_facebook_com,
    openid_connect,
    www_amazon_com,
)
from localcloud.federation.sts_errors import sts_error
from localcloud.federation.user import FederatedUser

_ACCESS_TOKENS = (www_amazon_com.NAME, graph_facebook_com.NAME)


def verify(ctx: Context, token: str, provider_id: str | None) -> FederatedPrincipal:
    """Whom a token proves the caller to be. `provider_id` is for OAuth 2.0 access tokens, and for nothing else.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, IDPCommunicationError.
    """
    try:
        principal, user = _verify(ctx, token, provider_id)
        tags, transitive = session_tags.from_claims(user.claims)
        return FederatedPrincipal(
            provider=principal,
            issuer=user.issuer,
            subject=user.subject,
            audience=user.audience,
            context=user.context,
            session_context={key: value for key, value in user.context.items() if key in user.session_keys},
            tags=tags,
            transitive_tags=transitive,
            source_identity=session_tags.source_identity(user.claims.get("https://aws.amazon.com/source_identity")),
        )
    except FederationError as error:
        raise sts_error(error) from error


def _verify(ctx: Context, token: str, provider_id: str | None) -> tuple[str, FederatedUser]:
    """The principal of the trust policy, and the user."""
    if provider_id is not None:
        if provider_id not in _ACCESS_TOKENS:
            message = f"Provider {provider_id[:64]} is not one of those of OAuth 2.0 access tokens."
            raise AwsError("InvalidIdentityToken", message)
        # Any app's token: the role's trust policy names the app, and IAM asks its author to (`app_id`).
        return provider_id, VERIFIERS[provider_id](ctx.cloud, token, None)
    issuer = openid.claimed_issuer(token)
    registered = find_provider(ctx, issuer)
    if registered is not None:
        return registered.arn, openid_connect.verify(ctx.cloud, registered, token)
    if issuer in accounts_google_com.ISSUER.forms:
        # Any app's token, as above (`aud`). Google needs no entity in IAM.
        return accounts_google_com.NAME, accounts_google_com.verify(ctx.cloud, token, None)
    raise AwsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer[:255]}")


def find_provider(ctx: Context, issuer: str) -> OpenIdProvider | None:
    """The provider that is registered in IAM for the issuer of a token."""
    name = issuer.partition("://")[2] or issuer
    provider = ctx.store.get(OpenIdProvider, f"arn:aws:iam::{ctx.cloud.account}:oidc-provider/{name}")
    known = provider is not None and issuer in openid_connect.issuer_of(provider).forms
    return provider if known else None
