"""AdminSetUserMFAPreference: an administrator chooses a user's second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.enrolment import set_preference
from localcloud.userpool.pools import require_pool
from localcloud.userpool.users import require_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the authenticator app on or off, and prefer it or not."""
    pool = require_pool(ctx, request["UserPoolId"])
    set_preference(ctx, pool, require_user(ctx, pool, request["Username"]), request)
    return {}
