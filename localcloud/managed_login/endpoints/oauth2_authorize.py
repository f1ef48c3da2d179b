"""`/oauth2/authorize`: where an app sends a browser, and which way it goes on from here.

Source: Cognito developer guide, "The redirect and authorization endpoint": GET only.
"""

from __future__ import annotations

from urllib.parse import urlencode

from localcloud.managed_login import authorization, browser, departures
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.models import BrowserSession
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool.configuration.client_oauth import COGNITO


def get(request: LoginRequest) -> Answer:
    """To the app where the browser is signed in already, else to a provider or the sign-in page."""
    wanted = authorization.read(request, request.query)
    query = urlencode(request.query)
    session = browser.signed_in(request)
    if session is not None and _answers(session, wanted):
        return authorization.complete(request, wanted, session.sub, session.auth_time)
    if "none" in wanted.prompt:
        raise wanted.refused("login_required", "the browser is not signed in")
    if wanted.provider not in ("", COGNITO):
        return departures.depart(request, query, departures.provider_of(request, wanted, wanted.provider))
    return redirect(f"{request.base_path}/login?{query}")


def _answers(session: BrowserSession, wanted: AuthorizationRequest) -> bool:
    """Whether the browser's sign-in is the one that is asked for.

    Attack: a sign-in with one provider that opens an app which only takes another one's users.
    """
    provider = session.provider or COGNITO
    if provider not in wanted.client.config["SupportedIdentityProviders"] or "login" in wanted.prompt:
        return False
    return wanted.provider in ("", provider)
