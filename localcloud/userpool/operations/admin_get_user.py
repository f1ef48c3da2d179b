"""AdminGetUser: all attributes and the MFA settings of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The user of that username, sub or alias."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    return {**wire.user_type(user, "UserAttributes"), **wire.mfa_settings(user)}
