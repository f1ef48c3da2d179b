"""AdminListUserAuthEvents: a user's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.configuration import risks
from localcloud.userpool.configuration.pool_state import AuthEvent
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of events, the newest first."""
    pool = require_pool(ctx, request["UserPoolId"])
    risks.require_mode(pool)
    user = require_user(ctx, pool, request["Username"])
    scope, where = f"AdminListUserAuthEvents {user.sub}", {"pool_id": pool.id, "sub": user.sub}
    events, token = pages.read(ctx, AuthEvent, scope, request.get("MaxResults"), request.get("NextToken"), **where)
    return pages.answer("AuthEvents", [auth_events.describe(event) for event in events], token)
