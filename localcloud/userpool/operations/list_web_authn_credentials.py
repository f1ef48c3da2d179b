"""ListWebAuthnCredentials: the passkeys of a signed-in user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.factors import passkeys
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of them."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    found, token = passkeys.list_page(ctx, user, request.get("MaxResults"), request.get("NextToken"))
    return pages.answer("Credentials", [passkeys.describe(one) for one in found], token)
