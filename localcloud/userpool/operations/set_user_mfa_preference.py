"""SetUserMFAPreference: a user chooses its second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors.enrolment import set_preference
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the authenticator app on or off, and prefer it or not."""
    pool, user, _ = verify_access(ctx, request["AccessToken"])
    set_preference(ctx, pool, user, request)
    return {}
