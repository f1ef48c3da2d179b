"""From what the engine says to what the browser gets: the page of a challenge, or the way back to the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.managed_login import authorization, browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.pages import carried, challenges
from localcloud.managed_login.request import Answer, LoginRequest


def follow(request: LoginRequest, wanted: AuthorizationRequest, result: Mapping[str, Any], *cookies: str) -> Answer:
    """Go on with a sign-in. Raises PageError for a challenge that has no page."""
    if "SignedIn" not in result:
        name, session, parameters = (result[key] for key in ("ChallengeName", "Session", "ChallengeParameters"))
        return challenges.ask(request, wanted, name, session, parameters)
    sub = result["SignedIn"]
    given = (browser.sign_in(request, sub), *carried.drop(request), *cookies)
    return authorization.complete(request, wanted, sub, int(request.ctx.now), *given)
