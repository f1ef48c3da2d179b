"""UpdateAuthEventFeedback: what a user thinks of an event that a mail told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.configuration import risks
from localcloud.userpool.pools import require_pool
from localcloud.userpool.protection import feedback


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Keep it with the event, for the token that came in the mail."""
    pool = require_pool(ctx, request["UserPoolId"])
    risks.require_mode(pool)
    user, value = find_user(ctx, pool, request["Username"]), request["FeedbackValue"]
    feedback.by_user(ctx, pool, user, request["EventId"], request["FeedbackToken"], value)
    return {}
