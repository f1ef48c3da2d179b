"""The backend's HTTP API as a client calls it, with a user's access token."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from auth import errors
from auth.https import send
from auth.models import Tokens
from auth.settings import Settings
from auth.step_up import max_age_of

_REFUSALS: dict[int, type[errors.AuthError]] = {
    400: errors.InvalidRequest,
    401: errors.NotAuthorized,
    403: errors.NotAuthorized,
    404: errors.ResourceNotFound,
    429: errors.TooManyRequests,
}

_TIMEOUT = 15.0
"""Seconds: the API's function may take 10 by the template, its first start among them."""


def call(
    settings: Settings, tokens: Tokens, method: str, path: str, body: Any = None, *, timeout: float = _TIMEOUT
) -> Any:
    """What a route (`/me/devices`) answers to a JSON body, if one is given; None where it answers nothing.

    Raises StepUpRequired, SettingsInvalid, NotAuthorized, ResourceNotFound, ServiceUnreachable, ….
    """
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{settings.need('api_url')}{path}", data, headers, method=method)  # noqa: S310 - checked there
    try:
        answer = send(request, timeout)
        return json.loads(answer) if answer else None
    except HTTPError as error:
        with error:
            raise _refusal(error) from None
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise errors.ServiceUnreachable(f"the API gave no answer: {type(error).__name__}") from error


def unreadable() -> errors.ServiceUnreachable:
    """The error for an answer that is not what a route answers."""
    return errors.ServiceUnreachable("the API gave no answer that can be read")


def _refusal(error: HTTPError) -> errors.AuthError:
    age = max_age_of(dict(error.headers.items())) if error.code == 401 else None
    if age is not None:
        return errors.StepUpRequired(f"the API wants a sign-in that is {age} seconds old at most")
    return _REFUSALS.get(error.code, errors.ServiceUnreachable)(f"the API answered {error.code}")
