"""`/oauth2/idpresponse`: where an OpenID Connect or social provider sends the browser back to."""

from __future__ import annotations

from localcloud.managed_login import departures, posted
from localcloud.managed_login.request import Answer, LoginRequest


def get(request: LoginRequest) -> Answer:
    """Go on with the provider's answer: in the query, or posted before. Raises PageError, RedirectError."""
    handle = request.query.get("handle")
    answer = posted.take(request, handle) if handle else request.query
    return departures.arrive(request, departures.collect(request, answer.get("state", "")), answer)


def post(request: LoginRequest) -> Answer:
    """Keep an answer that the provider's page posted (`response_mode=form_post`, as Apple does)."""
    return posted.keep(request)
