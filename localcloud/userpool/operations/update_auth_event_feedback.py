"""UpdateAuthEventFeedback: what a user thinks of an event that a mail told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import risks
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Refuse it: the token comes in a mail about a risk, which nobody assesses here, so that none is genuine."""
    risks.require_mode(require_pool(ctx, request["UserPoolId"]))
    raise AwsError("NotAuthorizedException", "Invalid feedback token.")
