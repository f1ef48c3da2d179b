"""A user's own entry in the identity map, through the API: which identity of the identity pool it is.

It waits less long than other calls of the API do: whoever wants AWS keys may be waiting for it.
"""

from __future__ import annotations

from auth import api
from auth.https import TIMEOUT
from auth.models import Tokens
from auth.settings import Settings


def register(settings: Settings, tokens: Tokens) -> str:
    """Have the API ask Cognito which identity these tokens are, and keep the answer, which comes back.

    A user without an identity is given one, as by GetId. Raises SettingsInvalid, NotAuthorized, ServiceUnreachable, ….
    """
    match api.call(settings, tokens, "PUT", "/identity", {"id_token": tokens.id_token}, timeout=TIMEOUT):
        case {"identity_id": str(identity_id)}:
            return identity_id
    raise api.unreadable()


def identities_of(settings: Settings, tokens: Tokens) -> list[str]:
    """The identities that a user is known to have had, the current one first. Raises as `register`."""
    try:
        found = api.call(settings, tokens, "GET", "/identity", timeout=TIMEOUT)
        return [str(entry["identity_id"]) for entry in found["identities"]]
    except (LookupError, TypeError):
        raise api.unreadable() from None


def identity_of(settings: Settings, tokens: Tokens) -> str | None:
    """The identity that a user is known to have, or None; asking makes none. Raises as `register`."""
    return next(iter(identities_of(settings, tokens)), None)
