"""SetUserSettings: a user turns codes by SMS on or off, as it was done before there were other second factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors.enrolment import set_preference
from localcloud.userpool.factors.mfa_options import as_preference
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """On where the list names SMS, off where it is empty."""
    pool, user, _ = verify_access(ctx, request["AccessToken"])
    set_preference(ctx, pool, user, as_preference(request["MFAOptions"]))
    return {}
