"""DeleteWebAuthnCredential: a signed-in user gives up a passkey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import passkeys
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Forget it; what it has signed in to stays."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    passkeys.delete(ctx, user, request["CredentialId"])
    return {}
