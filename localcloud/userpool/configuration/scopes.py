"""OAuth scopes: what each lets a token show or do.

Source: Cognito developer guide, "Scopes, M2M, and APIs with resource servers".
"""

from __future__ import annotations

from collections.abc import Collection

USER = "aws.cognito.signin.user.admin"
"""Of an access token: it may manage its own user. Sign-in by the API gives it always, OAuth where it is asked for."""

OPENID = "openid"

_CLAIMS = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}

_ALL = "profile"

SYSTEM = (OPENID, *_CLAIMS, _ALL, USER)
"""Cognito's own scopes; all others belong to a resource server."""


def shows(scopes: Collection[str], attribute: str) -> bool:
    """Whether an ID token or userInfo of these scopes has an attribute that the client may read.

    `profile` shows all of them, `custom:` ones too, and so does `openid` by itself; beside `email` or `phone` it adds
    none.
    """
    narrow = [scope for scope in _CLAIMS if scope in scopes]
    return _ALL in scopes or not narrow or any(attribute in _CLAIMS[scope] for scope in narrow)
