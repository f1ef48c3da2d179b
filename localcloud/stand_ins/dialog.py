"""The first step of OAuth 2: a page asks who is there, and the browser goes back with what the app has asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

from localcloud.stand_ins import addresses, codes, page
from localcloud.stand_ins.models import Answer, Person, StandInError, StandInRequest

Asked = Mapping[str, str]
"""The parameters of an authorization request that are kept over the page."""

_SECONDS = 300
_REMEMBERED = ("client_id", "redirect_uri", "nonce", "code_challenge", "scope")


def serve(
    request: StandInRequest,
    title: str,
    kept: tuple[str, ...],
    at_once: str,
    tokens: Callable[[Person, Asked], Mapping[str, str]],
) -> Answer:
    """GET shows the page, POST is the choice: a code, or tokens for an app whose response_type is `at_once`.

    Raises StandInError.
    """
    asked = {name: value for name in kept if (value := (request.form or request.query).get(name))}
    uri = addresses.checked(asked.get("redirect_uri", ""))
    if not asked.get("client_id"):
        raise StandInError("client_id is missing")
    if request.method == "GET":
        return page.ask(request, title, asked)
    person, state = page.chosen(request), {"state": asked["state"]} if "state" in asked else {}
    if asked.get("response_type") == at_once:
        return Answer(303, location=f"{uri}#{urlencode({**tokens(person, asked), **state})}")
    about = {name: asked.get(name, "") for name in _REMEMBERED}
    found = {"code": codes.issue(request.cloud, "code", person, _SECONDS, **about), **state}
    return Answer(303, location=f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(found)}")
