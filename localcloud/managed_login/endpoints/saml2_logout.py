"""`/saml2/logout`: single logout, begun here and answered by the provider, or begun by the provider.

Source: Cognito developer guide, "Signing out SAML users with single sign-out". That a provider may begin is SAML's.
"""

from __future__ import annotations

import contextlib

from localcloud.context import Context
from localcloud.federation.errors import FederationError
from localcloud.managed_login import departures
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.models import BrowserSession, LeavingProvider
from localcloud.managed_login.pages import render
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.relying_party.models import Departure
from localcloud.relying_party.saml import logout, provider_metadata, signed_messages
from localcloud.relying_party.saml.sessions import ProviderSession
from localcloud.relying_party.saml.signed_messages import Received
from localcloud.userpool import tokens
from localcloud.userpool.models import User
from localcloud.userpool.providers import linked_identities
from localcloud.userpool.providers.federation_state import IdentityProvider

SECONDS = 600
"""How long a browser may take at the provider."""


def begin(request: LoginRequest, session: BrowserSession, then: str) -> Answer:
    """Send the browser to sign out at its SAML provider, and on to `then` after that. Raises PageError."""
    ctx, state = request.ctx, request.ctx.cloud.random(32).hex()
    provider = _provider(request, session.provider)
    asked = departures.asked(request, provider)
    try:
        departure = logout.begin(ctx.cloud, asked, session.provider_session, state)
    except FederationError as error:
        raise PageError(f"sign-out at {provider.name}: {error}") from error
    ctx.store.insert(
        LeavingProvider(
            digest=_digest(ctx, state),
            pool_id=request.pool.id,
            provider=provider.name,
            request_id=departure.secrets["request_id"],
            then=then,
            expires=ctx.now + SECONDS,
        )
    )
    return _go(request, departure)


def post(request: LoginRequest) -> Answer:
    """A message of a provider in a form. Raises PageError."""
    return _take(request, "SAMLResponse" in request.form, in_form=True)


def get(request: LoginRequest) -> Answer:
    """A message of a provider in the query. Raises PageError."""
    return _take(request, "SAMLResponse" in request.query, in_form=False)


def _take(request: LoginRequest, is_answer: bool, *, in_form: bool) -> Answer:
    parameter = "SAMLResponse" if is_answer else "SAMLRequest"
    try:
        if in_form:
            received = signed_messages.from_form(request.form, parameter)
        else:
            received = signed_messages.from_query(request.raw_query, parameter)
        return _finish(request, received) if is_answer else _end(request, received)
    except FederationError as error:
        raise PageError(f"{parameter}: {error}") from error


def _finish(request: LoginRequest, received: Received) -> Answer:
    """The provider has done what we asked: on to the app."""
    ctx, digest = request.ctx, _digest(request.ctx, received.relay_state)
    with ctx.store.transaction():
        leaving = ctx.store.get(LeavingProvider, digest)
        ctx.store.delete(LeavingProvider, digest)
    if leaving is None or leaving.pool_id != request.pool.id or ctx.now > leaving.expires:
        raise PageError("RelayState: nobody waits for this answer of a provider, or no longer")
    asked = departures.asked(request, _provider(request, leaving.provider))
    logout.finish(ctx.cloud, asked, leaving.request_id, received, _address(request))
    return redirect(leaving.then)


def _end(request: LoginRequest, received: Received) -> Answer:
    """The provider has signed somebody out: so do we, and say so."""
    ctx, provider = request.ctx, _sender(request, received.issuer)
    asked = departures.asked(request, provider)
    ended = logout.ended(ctx.cloud, asked, received, _address(request))
    meant = [
        session
        for session in ctx.store.find(BrowserSession, pool_id=request.pool.id)
        if session.provider == provider.name and _is_of(ProviderSession.read(session.provider_session), ended)
    ]
    linked = linked_identities.find(ctx, provider, ended.subject)
    for session in meant:
        ctx.store.delete(BrowserSession, session.digest)
    # Who has signed out there is signed out of the apps, too.
    for sub in {session.sub for session in meant} | ({linked.sub} if linked else set()):
        if user := ctx.store.get(User, request.pool.id, sub):
            tokens.revoke_all(ctx, user)
    return _go(request, logout.answer(ctx.cloud, asked, ended.request_id, received.relay_state))


def _is_of(session: ProviderSession | None, ended: logout.Ended) -> bool:
    if session is None or session.subject != ended.subject:
        return False
    return not ended.indexes or session.index in ended.indexes


def _sender(request: LoginRequest, issuer: str) -> IdentityProvider:
    """The pool's SAML provider of that entity id, whose key the message is checked with."""
    for provider in request.ctx.store.find(IdentityProvider, pool_id=request.pool.id):
        if provider.type == "SAML" and provider.details.get("IDPSignout") == "true":
            # One that cannot be reached is not the one that has just sent this.
            with contextlib.suppress(FederationError):
                metadata = provider_metadata.find(request.ctx.cloud, departures.asked(request, provider))
                if metadata.entity_id == issuer:
                    return provider
    raise PageError("SAMLRequest: no SAML provider of this pool with IDPSignout has sent it")


def _provider(request: LoginRequest, name: str) -> IdentityProvider:
    provider = request.ctx.store.get(IdentityProvider, request.pool.id, name)
    if provider is None:
        raise PageError(f"the provider {name!r} is gone")
    return provider


def _go(request: LoginRequest, departure: Departure) -> Answer:
    if departure.form:
        return render.hand_over(request, departure.url, departure.form)
    return redirect(departure.url)


def _address(request: LoginRequest) -> str:
    """This endpoint, as the provider's messages name it."""
    return f"{request.base}/saml2/logout"


def _digest(ctx: Context, state: str) -> str:
    return ctx.cloud.sealer.digest("leaving provider", state)
