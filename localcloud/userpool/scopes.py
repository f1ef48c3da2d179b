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
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
}

SYSTEM = (OPENID, *_CLAIMS, USER)
"""Cognito's own scopes; all others belong to a resource server."""


def shows(scopes: Collection[str], attribute: str) -> bool:
    """Whether an ID token or userInfo of these scopes has an attribute.

    `openid` alone shows all that the client may read, `custom:` attributes too; beside others it adds none by itself.
    """
    narrow = [scope for scope in _CLAIMS if scope in scopes]
    return not narrow or any(attribute in _CLAIMS[scope] for scope in narrow)
