"""A user's own entry in the identity map, through the API: which identity of the identity pool it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request

from auth import errors
from auth.https import send
from auth.models import Tokens
from auth.settings import Settings

T = TypeVar("T")

_REFUSALS: dict[int, type[errors.AuthError]] = {
    400: errors.InvalidRequest,
    401: errors.NotAuthorized,
    403: errors.NotAuthorized,
    404: errors.ResourceNotFound,
    429: errors.TooManyRequests,
}


def register(settings: Settings, tokens: Tokens) -> str:
    """Have the API ask Cognito which identity these tokens are, and keep the answer, which comes back.

    A user without an identity is given one, as by GetId. Raises SettingsInvalid, NotAuthorized, ServiceUnreachable, ….
    """
    body = json.dumps({"id_token": tokens.id_token}).encode()
    return _call(settings, "PUT", tokens, lambda answer: str(answer["identity_id"]), body)


def identities_of(settings: Settings, tokens: Tokens) -> list[str]:
    """The identities that a user is known to have had, the current one first. Raises as `register`."""
    return _call(settings, "GET", tokens, lambda answer: [str(entry["identity_id"]) for entry in answer["identities"]])


def identity_of(settings: Settings, tokens: Tokens) -> str | None:
    """The identity that a user is known to have, or None; asking makes none. Raises as `register`."""
    return next(iter(identities_of(settings, tokens)), None)


def _call(settings: Settings, method: str, tokens: Tokens, read: Callable[[Any], T], body: bytes | None = None) -> T:
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Content-Type": "application/json"}
    url = f"{settings.need('api_url')}/identity"
    try:
        return read(json.loads(send(Request(url, body, headers, method=method))))  # noqa: S310 - checked there
    except HTTPError as error:
        with error:
            raise _REFUSALS.get(error.code, errors.ServiceUnreachable)(f"the API answered {error.code}") from None
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError) as error:
        raise errors.ServiceUnreachable(f"the API gave no answer: {type(error).__name__}") from error
