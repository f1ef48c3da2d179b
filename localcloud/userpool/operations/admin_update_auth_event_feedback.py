"""AdminUpdateAuthEventFeedback: what an administrator thinks of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.configuration import risks
from localcloud.userpool.pools import require_pool
from localcloud.userpool.protection import feedback


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Keep it with the event; the newest counts."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        risks.require_mode(pool)
        event = auth_events.require(ctx, require_user(ctx, pool, request["Username"]), request["EventId"])
        feedback.keep(ctx, event, request["FeedbackValue"], "Admin")
    return {}
