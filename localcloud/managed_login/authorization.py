"""Authorization requests: what an app asks for, whether it may, and how the answer gets back to it and to nobody else.

Rules: RFC 6749, RFC 7636 (PKCE), RFC 8707 (resource), RFC 9700; OpenID Connect Core 1.0; Cognito developer guide,
"Redirect and authorization endpoint".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from localcloud.managed_login import codes
from localcloud.managed_login.errors import PageError, RedirectError
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient, User
from localcloud.userpool.scopes import OPENID

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""A SHA-256 digest in base64url without padding."""

RESPONSE_TYPES: Mapping[str, str] = {"code": "code", "token": "implicit"}
"""`response_type` → the entry of AllowedOAuthFlows that it needs."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A checked request. `scopes` are granted; the rest is as it came."""

    client: AppClient
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    resource: str
    code_challenge: str


def read(request: LoginRequest, query: Mapping[str, str]) -> AuthorizationRequest:
    """The request in a query. Raises PageError until the redirect URI is proven, RedirectError from then on."""
    client = request.ctx.store.get(AppClient, query.get("client_id", ""))
    if client is None or client.pool_id != request.pool.id:
        raise PageError("client_id: no app client of this user pool")
    uri, state = query.get("redirect_uri", ""), query.get("state", "")
    # Attack: a code or token sent to a page of the attacker's. Compared as text: no prefix, no wildcard, no default.
    if uri not in (client.config.get("CallbackURLs") or ()):
        raise PageError(f"redirect_uri: not one of the app client's CallbackURLs: {uri[:200]!r}")
    refusal = _refusal(client, query)
    if refusal is not None:
        raise RedirectError(uri, *refusal, state=state)
    allowed = list(client.config.get("AllowedOAuthScopes") or ())
    return AuthorizationRequest(
        client=client,
        redirect_uri=uri,
        response_type=query["response_type"],
        scopes=tuple(dict.fromkeys(query.get("scope", "").split())) or tuple(allowed),
        state=state,
        nonce=query.get("nonce", ""),
        resource=query.get("resource", ""),
        code_challenge=query.get("code_challenge", ""),
    )


def complete(request: LoginRequest, wanted: AuthorizationRequest, sub: str, auth_time: int, *cookies: str) -> Answer:
    """Tell the app that this user has signed in: by a code, or by tokens where it asked for them. Sets the cookies."""
    if wanted.response_type == "code":
        answer = {"code": codes.issue(request, wanted, sub, auth_time)}
    else:
        answer = _tokens(request, wanted, sub, auth_time)
    if wanted.state:
        answer["state"] = wanted.state
    return redirect(back(wanted.redirect_uri, answer, fragment=wanted.response_type == "token"), *cookies)


def back(uri: str, parameters: Mapping[str, str], *, fragment: bool = False) -> str:
    """A redirect URI with parameters added, encoded, so that none of them can be more than a value."""
    parts = urlsplit(uri)
    if fragment:
        return urlunsplit(parts._replace(fragment=urlencode(parameters)))
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, urlencode(parameters)) if part)))


def _refusal(client: AppClient, query: Mapping[str, str]) -> tuple[str, str] | None:
    """The error code and reason of a request that is not taken."""
    config, wanted = client.config, query.get("response_type", "")
    if not config.get("AllowedOAuthFlowsUserPoolClient"):
        return "unauthorized_client", "AllowedOAuthFlowsUserPoolClient is off"
    if wanted not in RESPONSE_TYPES:
        return "unsupported_response_type", "response_type is code or token"
    if RESPONSE_TYPES[wanted] not in (config.get("AllowedOAuthFlows") or ()):
        return "unauthorized_client", f"AllowedOAuthFlows has no {RESPONSE_TYPES[wanted]}"
    allowed = config.get("AllowedOAuthScopes") or ()
    if not allowed or not set(query.get("scope", "").split()) <= set(allowed):
        return "invalid_scope", "a scope is not in AllowedOAuthScopes"
    if wanted != "code":
        return None
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        # Attack: a code taken on its way by another app of the phone. Who has no secret has to show a verifier.
        return None if client.secret else ("invalid_request", "a client without a secret has to use PKCE")
    # Attack: PKCE downgrade. `plain` gives the verifier away with the request.
    if method != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        return "invalid_request", "code_challenge_method is S256, and code_challenge a SHA-256 digest in base64url"
    return None


def _tokens(request: LoginRequest, wanted: AuthorizationRequest, sub: str, auth_time: int) -> dict[str, str]:
    """The implicit grant: tokens at once, never a refresh token."""
    user = request.ctx.store.get(User, request.pool.id, sub)
    if user is None:
        raise RedirectError(wanted.redirect_uri, "access_denied", "the user is gone", wanted.state)
    grant = tokens.Grant(wanted.scopes, auth_time, wanted.nonce, wanted.resource)
    issued = tokens.issue(request.ctx, request.pool, wanted.client, user, "TokenGeneration_HostedAuth", grant=grant)
    found = {"access_token": issued["AccessToken"], "token_type": "Bearer", "expires_in": str(issued["ExpiresIn"])}
    return found | ({"id_token": issued["IdToken"]} if OPENID in wanted.scopes else {})
