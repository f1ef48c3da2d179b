"""The way of a browser to another provider and back: one departure, one arrival, in the same browser.

Sources: Cognito developer guide, "User pool sign-in with third party identity providers"; RFC 9700, 4.4 and 4.7.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation.errors import FederationError
from localcloud.managed_login import authorization, browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError, RedirectError
from localcloud.managed_login.models import WaitingAtProvider
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.relying_party import providers
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.models import Asked
from localcloud.userpool.providers import federated_users, saml_key
from localcloud.userpool.providers.federation_state import IdentityProvider
from localcloud.wire.web import read_parameters

SECONDS = 600
"""How long a person may take at the provider."""

_TAKE_HINTS = ("OIDC", "Google")
"""The types that hear `login_hint`. Source: Cognito developer guide, "The redirect and authorization endpoint"."""

_LONGEST = 300
"""Characters of a provider's error that the app is told."""


def depart(request: LoginRequest, wanted_query: str, provider: IdentityProvider) -> Answer:
    """Send the browser to a provider; it comes back for the authorization request in `wanted_query`.

    Raises PageError, and RedirectError where the client does not take this provider or it cannot be reached.
    """
    wanted = authorization.read(request, read_parameters(wanted_query))
    provider_of(request, wanted, provider.name)
    ctx, state, known = request.ctx, request.ctx.cloud.random(32).hex(), browser.browser_id(request)
    try:
        departure = providers.of_type(provider.type).begin(ctx.cloud, asked(request, provider), state)
    except FederationError as error:
        raise _refused(wanted, provider, error) from error
    ctx.store.insert(
        WaitingAtProvider(
            digest=_digest(ctx, state),
            pool_id=request.pool.id,
            provider=provider.name,
            browser=_digest(ctx, known),
            authorize_query=wanted_query,
            secrets=dict(departure.secrets),
            expires=ctx.now + SECONDS,
        )
    )
    cookie = browser.browser_cookie(request, known)
    if departure.form:
        # Loaded when first needed: pages bring a template engine.
        from localcloud.managed_login.pages import render

        return render.hand_over(request, departure.url, departure.form, cookie)
    return redirect(departure.url, cookie)


def collect(request: LoginRequest, state: str) -> WaitingAtProvider:
    """What waits for this state, once. Raises PageError."""
    ctx, digest = request.ctx, _digest(request.ctx, state)
    with ctx.store.transaction():
        kept = ctx.store.get(WaitingAtProvider, digest)
        ctx.store.delete(WaitingAtProvider, digest)
    if kept is None or kept.pool_id != request.pool.id or ctx.now > kept.expires:
        raise PageError("state: nothing waits for this answer of a provider, or no longer")
    # Attack: login CSRF. Somebody else's answer, brought to this browser by a link, would sign it in as somebody else.
    if not hmac.compare_digest(kept.browser, _digest(ctx, browser.known_browser(request))):
        raise PageError("state: the way to the provider began in another browser, or under another name of this host")
    return kept


def arrive(request: LoginRequest, waiting: WaitingAtProvider, answer: Mapping[str, str]) -> Answer:
    """Sign in whom the provider vouches for, and go on to the app. Raises PageError, RedirectError."""
    wanted = authorization.read(request, read_parameters(waiting.authorize_query))
    return welcome(request, wanted, waiting.provider, waiting.secrets, answer)


def welcome(
    request: LoginRequest,
    wanted: AuthorizationRequest,
    name: str,
    secrets: Mapping[str, str],
    answer: Mapping[str, str],
) -> Answer:
    """Sign in by the answer of the provider of that name. Raises PageError, RedirectError."""
    ctx, pool = request.ctx, request.pool
    provider = provider_of(request, wanted, name)
    question = asked(request, provider)
    # Attack: mix-up. One protocol's answer at the address of the other one.
    if question.callback != request.base + request.path:
        raise PageError(f"{provider.name} answers at {question.callback}, and not at {request.path}")
    try:
        arrival = providers.of_type(provider.type).finish(ctx.cloud, question, secrets, answer)
        user = federated_users.sign_in(
            ctx, pool, wanted.client, provider, arrival.subject, arrival.claims, arrival.sources
        )
    except FederationError as error:
        raise _refused(wanted, provider, error) from error
    except AwsError as error:
        # As AWS says it: an app looks for "Already found an entry for username", and tries again.
        raise wanted.refused("invalid_request", error.message) from error
    cookie = browser.sign_in(request, user.sub, provider.name, arrival.session)
    return authorization.complete(request, wanted, user.sub, int(ctx.now), cookie)


def asked(request: LoginRequest, provider: IdentityProvider) -> Asked:
    """The provider as `relying_party` asks it, with what the app said of its user."""
    is_saml = provider.type == "SAML"
    said = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return Asked(
        name=provider.name,
        details=provider.details,
        callback=f"{request.base}/{'saml2' if is_saml else 'oauth2'}/idpresponse",
        entity_id=f"urn:amazon:cognito:sp:{request.pool.id}" if is_saml else "",
        language=request.query.get("lang", "") or said,
        login_hint=request.query.get("login_hint", "") if provider.type in _TAKE_HINTS else "",
        signing_key=saml_key.pem(request.ctx, request.pool.id) if is_saml else "",
        attributes=tuple(provider.mapping.values()),
        prompt=request.query.get("prompt", ""),
    )


def provider_of(request: LoginRequest, wanted: AuthorizationRequest, name: str) -> IdentityProvider:
    """The provider of that name, which the app's client has to take. Raises RedirectError.

    Attack: a provider that the pool has for another app's users.
    """
    provider = request.ctx.store.get(IdentityProvider, request.pool.id, name)
    if provider is None or name not in wanted.client.config["SupportedIdentityProviders"]:
        raise wanted.refused("invalid_request", "the provider is not one of the client's SupportedIdentityProviders")
    return provider


def _refused(wanted: AuthorizationRequest, provider: IdentityProvider, error: FederationError) -> RedirectError:
    if isinstance(error, DeclinedError) and error.code == "access_denied":
        return wanted.refused("access_denied", str(error)[:_LONGEST])
    return wanted.refused("invalid_request", f"{provider.name} Error - {error}"[:_LONGEST])


def _digest(ctx: Context, secret: str) -> str:
    return ctx.cloud.sealer.digest("waiting at provider", secret)
