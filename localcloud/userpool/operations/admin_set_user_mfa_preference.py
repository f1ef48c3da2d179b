"""AdminSetUserMFAPreference: an administrator chooses a user's second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors.enrolment import set_preference
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the authenticator app on or off, and prefer it or not."""
    pool = require_pool(ctx, request["UserPoolId"])
    set_preference(ctx, pool, require_user(ctx, pool, request["Username"]), request)
    return {}
