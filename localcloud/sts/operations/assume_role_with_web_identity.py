"""AssumeRoleWithWebIdentity: a session of a role for whoever has an ID token, or a public provider's access token.

The classic flow of identity pools ends here: its guests get no scope-down (rule 52).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import session_tags, web_identity
from localcloud.federation.errors import TokenError
from localcloud.federation.principal import FederatedPrincipal
from localcloud.identitypool import openid_tokens
from localcloud.jws import InvalidTokenError, unverified_issuer
from localcloud.sts import federated_sessions


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A session of the role, if it trusts the token's provider with what the token says.

    Raises AwsError: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, IDPCommunicationError, AccessDenied,
    MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError.
    """
    proven = _verify(ctx, request["WebIdentityToken"], request.get("ProviderId"))
    answer = federated_sessions.begin(ctx, request, "sts:AssumeRoleWithWebIdentity", proven, request["RoleSessionName"])
    return {
        **answer,
        "SubjectFromWebIdentityToken": proven.subject,
        "Provider": proven.issuer,
        "Audience": proven.audience,
    }


def _verify(ctx: Context, token: str, provider_id: str | None) -> FederatedPrincipal:
    if provider_id is None and unverified_issuer(token) == openid_tokens.ISSUER:
        return _of_identity_pool(ctx, token)
    return web_identity.verify(ctx, token, provider_id)


def _of_identity_pool(ctx: Context, token: str) -> FederatedPrincipal:
    try:
        claims = openid_tokens.verify(ctx, token)
        tags, transitive = session_tags.from_claims(claims)
    except openid_tokens.ExpiredError as error:
        raise AwsError("ExpiredTokenException", "Token expired") from error
    except (InvalidTokenError, TokenError) as error:
        raise AwsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from error
    keys = {f"{openid_tokens.NAME}:{name}": claims[name] for name in ("aud", "sub", "amr")}
    return FederatedPrincipal(
        provider=openid_tokens.NAME,
        issuer=openid_tokens.ISSUER,
        subject=claims["sub"],
        audience=claims["aud"],
        context=keys,
        session_context=keys,
        tags=tags,
        transitive_tags=transitive,
    )
