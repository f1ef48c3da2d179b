"""GetUser: a user reads itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.pools import require_client
from localcloud.userpool.tokens import verify_access

_ALWAYS = ("sub", "identities")


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that the client may read, and the MFA settings."""
    _, user, claims = verify_access(ctx, request["AccessToken"])
    _, client = require_client(ctx, claims["client_id"])
    shown = {name: value for name, value in user.attributes.items() if name in _ALWAYS or client.may_read(name)}
    return {
        "Username": user.username,
        "UserAttributes": wire.attribute_list(shown),
        **wire.mfa_settings(user),
    }
