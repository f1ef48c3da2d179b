"""StartWebAuthnRegistration: a signed-in user is about to register a passkey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import passkey_registration
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """What its browser has to be asked."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    return {"CredentialCreationOptions": passkey_registration.begin(ctx, pool, user, str(claims["client_id"]))}
