"""`/logout`: ends the browser's session, and goes where the app says, if that is the app's own.

Source: Cognito developer guide, "The managed login sign-out endpoint". It revokes no tokens.
"""

from __future__ import annotations

import dataclasses
import importlib
from urllib.parse import urlencode

from localcloud.managed_login import authorization, browser
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.models import BrowserSession
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool.providers.federation_state import IdentityProvider


def get(request: LoginRequest) -> Answer:
    """Sign out, at the SAML provider too where it is set up so. Raises PageError, RedirectError."""
    then = _then(request)
    session = browser.session(request)
    # First of all here: a provider that cannot be reached keeps nobody signed in.
    gone = browser.sign_out(request)
    answer = (_leave_provider(request, session, then) if session else None) or redirect(then)
    return dataclasses.replace(answer, cookies=(*answer.cookies, gone))


def _then(request: LoginRequest) -> str:
    """Where the browser goes: to the app's page, or to sign in again."""
    query = request.query
    if "logout_uri" in query:
        client = authorization.client_of(request, query)
        # Attack: open redirect, a link to this host that ends at the attacker's. Compared as text, as callbacks are.
        if query["logout_uri"] not in (client.config.get("LogoutURLs") or ()):
            raise PageError(f"logout_uri: not one of the app client's LogoutURLs: {query['logout_uri'][:200]!r}")
        return query["logout_uri"]
    authorization.read(request, query)
    return f"{request.base_path}/login?{urlencode(query)}"


def _leave_provider(request: LoginRequest, session: BrowserSession, then: str) -> Answer | None:
    """The way to the SAML provider's own sign-out, for a provider with `IDPSignout`."""
    provider = request.ctx.store.get(IdentityProvider, request.pool.id, session.provider)
    if provider is None or provider.type != "SAML" or provider.details.get("IDPSignout") != "true":
        return None
    # Loaded when first needed: SAML brings lxml.
    saml2_logout = importlib.import_module("localcloud.managed_login.endpoints.saml2_logout")
    answer: Answer = saml2_logout.begin(request, session, then)
    return answer
