"""AdminSetUserSettings: SetUserSettings by an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors.enrolment import set_preference
from localcloud.userpool.factors.mfa_options import as_preference
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """On where the list names SMS, off where it is empty."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    set_preference(ctx, pool, user, as_preference(request["MFAOptions"]))
    return {}
