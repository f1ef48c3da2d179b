"""CompleteWebAuthnRegistration: a signed-in user has made a passkey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import passkey_registration
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Keep it, once all that its browser says of it is right."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    passkey_registration.finish(ctx, pool, user, str(claims["client_id"]), request["Credential"])
    return {}
