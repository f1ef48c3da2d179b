"""VerifyUserAttribute: the user shows the code that was sent to an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.attribute_changes import verify
from localcloud.userpool.limits import lock_out
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Mark the address as verified; a new one that waited takes the old one's place."""
    pool, user, _ = verify_access(ctx, request["AccessToken"])
    lock_out.count(ctx, user, "attribute")
    verify(ctx, pool, user, request["AttributeName"], request["Code"])
    return {}
