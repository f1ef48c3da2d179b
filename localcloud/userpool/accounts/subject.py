"""Which user a request to a user pool is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.pools import require_pool
from localcloud.userpool.tokens import verify_access


def subject_of(ctx: Context, request: Mapping[str, Any]) -> str:
    """The `sub` of the user whose access token or name the request has; empty if it is about none that there is."""
    try:
        if "AccessToken" in request:
            return verify_access(ctx, request["AccessToken"])[1].sub
        if "Username" in request and "UserPoolId" in request:
            return require_user(ctx, require_pool(ctx, request["UserPoolId"]), request["Username"]).sub
    except AwsError:
        pass  # the operation itself says so
    return ""
