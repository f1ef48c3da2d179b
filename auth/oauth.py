"""What a pool's domain answers: at the redirect URI through the browser, and at its own endpoints straight to us.

Rules: RFC 6749, sections 4.1.2 and 5; RFC 9207; Cognito developer guide, "User pool endpoints".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request

from auth import errors
from auth.claims import same
from auth.https import MAX_BYTES, send

TIMEOUT = 30.0
"""Seconds. A code is good once, so that giving up costs a sign-in; triggers have their time behind this."""

_CLASS_OF: Mapping[str, type[errors.AuthError]] = {
    "access_denied": errors.NotAuthorized,
    "interaction_required": errors.NotAuthorized,
    "invalid_grant": errors.NotAuthorized,
    "invalid_token": errors.NotAuthorized,
    "login_required": errors.NotAuthorized,
    "server_error": errors.ServiceUnreachable,
    "temporarily_unavailable": errors.ServiceUnreachable,
}
_TRIGGER_FAILED = re.compile(r"[A-Z]\w+ failed with error ")


def code_of(callback_url: str, state: str, issuer: str) -> str:
    """The authorization code in the URL that the browser came back to; `state` is that of the sign-in which began.

    Raises CallbackInvalid, or the error that the pool's domain answers with (see `error_of`).
    """
    try:
        pairs = parse_qsl(urlsplit(callback_url).query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise errors.CallbackInvalid("the callback is no URL") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise errors.CallbackInvalid("a parameter of the callback comes more than once")
    # Attack: login CSRF, the answer to a sign-in that somebody else began, for this app to take as its user's.
    if not state or not same(found.get("state", ""), state):
        raise errors.CallbackInvalid("state is missing, or another sign-in's", hint="begin the sign-in again")
    # Attack: mix-up. A code of one server is sent to the token endpoint of another, which then has it.
    if found.get("iss", issuer) != issuer:
        raise errors.CallbackInvalid("iss is another server's")
    if "error" in found:
        raise error_of(found["error"], found.get("error_description", ""))
    if not found.get("code"):
        raise errors.CallbackInvalid("the callback has neither a code nor an error")
    return found["code"]


def error_of(code: str, description: str = "") -> errors.AuthError:
    """The member of the tree for an OAuth error, with that `code`."""
    message = description[:500] or code[:100]
    if description.startswith("Already found an entry for username"):
        return errors.LoginJustLinked(message, code=code, hint="sign in once more, with the same provider")
    if _TRIGGER_FAILED.match(description):
        return errors.TriggerRefused(message, code=code)
    return _CLASS_OF.get(code, errors.InvalidRequest)(message, code=code)


def post(url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer of an endpoint to a form; an empty one is no members. Raises as `ask`."""
    return ask(Request(url, urlencode(form).encode(), {"Accept": "application/json"}))  # noqa: S310 - checked there


def ask(request: Request) -> dict[str, Any]:
    """The members of an endpoint's JSON answer. Raises ServiceUnreachable, or the error that it answers with."""
    try:
        answer = json.loads(send(request, TIMEOUT) or b"{}")
    except HTTPError as error:
        with error:
            raise _refusal(error) from None
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise errors.ServiceUnreachable(f"the pool's domain gave no answer: {type(error).__name__}") from error
    if not isinstance(answer, dict):
        raise errors.ServiceUnreachable("the pool's domain answered no JSON object")
    return answer


def _refusal(error: HTTPError) -> errors.AuthError:
    if error.code == 429:
        return errors.TooManyRequests("the pool's domain asks to slow down")
    try:
        told = json.loads(error.read(MAX_BYTES))
        return error_of(str(told["error"]), str(told.get("error_description", "")))
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return errors.ServiceUnreachable(f"the pool's domain answered {error.code}")
