"""Authorization requests: what an app asks for, whether it may, and how the answer gets back to it and to nobody else.

Rules: RFC 6749, RFC 9700; OpenID Connect Core 1.0; Cognito developer guide, "The redirect and authorization endpoint".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from localcloud.errors import AwsError
from localcloud.managed_login import authorization_rules as rules
from localcloud.managed_login import codes
from localcloud.managed_login.errors import PageError, RedirectError
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.managed_login.users import still_signed_in
from localcloud.userpool import tokens
from localcloud.userpool.configuration.scopes import OPENID
from localcloud.userpool.models import AppClient
from localcloud.userpool.providers.federation_state import IdentityProvider


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A checked request. `scopes` are granted; the rest is as it came.

    `provider` is the name of the one to sign in with: `COGNITO` for the pool's own users, empty for the user's choice.
    """

    client: AppClient
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    resource: str
    code_challenge: str
    provider: str = ""
    prompt: frozenset[str] = frozenset()

    def refused(self, code: str, why: str) -> RedirectError:
        """The error that tells the app so."""
        return RedirectError(self.redirect_uri, code, why, self.state)


def read(request: LoginRequest, query: Mapping[str, str], *, by_app: bool = True) -> AuthorizationRequest:
    """The request in a query. Raises PageError until the redirect URI is proven, RedirectError from then on.

    Not `by_app`: a SAML provider began the sign-in by itself, and its response brings the query.
    """
    client = client_of(request, query)
    uri, state = query.get("redirect_uri", ""), query.get("state", "")
    # Attack: a code or token sent to a page of the attacker's. Compared as text: no prefix, no wildcard, no default.
    if uri not in (client.config.get("CallbackURLs") or ()):
        raise PageError(f"redirect_uri: not one of the app client's CallbackURLs: {uri[:200]!r}")
    refusal = rules.refusal(client, query, by_app=by_app)
    if refusal is not None:
        raise RedirectError(uri, *refusal, state=state)
    wanted = AuthorizationRequest(
        client=client,
        redirect_uri=uri,
        response_type=query["response_type"],
        scopes=rules.scopes_of(client, query),
        state=state,
        nonce=query.get("nonce", ""),
        resource=query.get("resource", ""),
        code_challenge=query.get("code_challenge", ""),
        provider=_provider(request, query),
        prompt=rules.prompts_of(query),
    )
    if wanted.provider and wanted.provider not in client.config["SupportedIdentityProviders"]:
        raise wanted.refused("invalid_request", "the provider is not one of the client's SupportedIdentityProviders")
    return wanted


def client_of(request: LoginRequest, query: Mapping[str, str]) -> AppClient:
    """The app client that a query names. Raises PageError."""
    client = request.ctx.store.get(AppClient, query.get("client_id", ""))
    if client is None or client.pool_id != request.pool.id:
        raise PageError("client_id: no app client of this user pool")
    return client


def complete(request: LoginRequest, wanted: AuthorizationRequest, sub: str, auth_time: int, *cookies: str) -> Answer:
    """Tell the app that this user has signed in: by a code, or by tokens where it asked for them. Sets the cookies.

    Raises RedirectError where a trigger keeps the tokens back.
    """
    if wanted.response_type == "code":
        answer = {"code": codes.issue(request, wanted, sub, auth_time)}
    else:
        answer = _tokens(request, wanted, sub, auth_time)
    if wanted.state:
        answer["state"] = wanted.state
    return redirect(back(wanted.redirect_uri, answer, fragment=wanted.response_type == "token"), *cookies)


def back(uri: str, parameters: Mapping[str, str], *, fragment: bool = False) -> str:
    """A client's URI with parameters added, encoded, so that none of them can be more than a value.

    The URI stays as it is to the byte: `app:///callback` is none that Python puts together again.
    """
    joint = "#" if fragment else "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(parameters)}"


def _provider(request: LoginRequest, query: Mapping[str, str]) -> str:
    """The provider's name; of an identifier that nobody has, something that no client supports."""
    name, identifier = query.get("identity_provider", ""), query.get("idp_identifier", "")
    if name or not identifier:
        return name
    every = request.ctx.store.find(IdentityProvider, pool_id=request.pool.id)
    return next((provider.name for provider in every if identifier in provider.identifiers), "?")


def _tokens(request: LoginRequest, wanted: AuthorizationRequest, sub: str, auth_time: int) -> dict[str, str]:
    """The implicit grant: tokens at once, never a refresh token."""
    user = still_signed_in(request.ctx, request.pool.id, sub)
    if user is None:
        raise wanted.refused("access_denied", "the user may not sign in any more")
    grant = tokens.Grant(wanted.scopes, auth_time, wanted.nonce, wanted.resource)
    try:
        issued = tokens.issue(request.ctx, request.pool, wanted.client, user, "TokenGeneration_HostedAuth", grant=grant)
    except AwsError as error:
        raise wanted.refused("invalid_request", error.message) from error
    found = {"access_token": issued["AccessToken"], "token_type": "Bearer", "expires_in": str(issued["ExpiresIn"])}
    return found | ({"id_token": issued["IdToken"]} if OPENID in wanted.scopes else {})
