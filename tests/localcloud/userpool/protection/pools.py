"""Pools with threat protection, and the history of their users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.store import replaced
from localcloud.userpool.models import UserPool
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.sign_ins import Door

SES = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
NOTIFY: Mapping[str, Any] = {"SourceArn": SES, "From": "security@example.com"}
NO_LEAKS = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}}}


def protected(
    api: Api,
    actions: Mapping[str, str] | None,
    *,
    notify: Mapping[str, Any] | None = None,
    mode: str = "ENFORCED",
    custom_mode: str = "ENFORCED",
    **settings: Any,
) -> Door:
    """A pool that does this about a risk, by its level, or AWS's own default; with `notify`, it tells the user."""
    door = Door.open(api, UserPoolTier="PLUS", **settings)
    takeover: dict[str, Any] = {"NotifyConfiguration": notify} if notify is not None else {}
    takeover["Actions"] = {
        f"{level}Action": {"EventAction": action, "Notify": notify is not None}
        for level, action in (actions or {}).items()
    }
    configuration = NO_LEAKS if actions is None else {**NO_LEAKS, "AccountTakeoverRiskConfiguration": takeover}
    api("SetRiskConfiguration", UserPoolId=door.pool, **configuration)
    # UpdateUserPool would put all else back to its default.
    add_ons = {"AdvancedSecurityMode": mode, "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": custom_mode}}
    api.cloud.store.update(
        UserPool, (door.pool,), lambda pool: replaced(pool, config={**pool.config, "UserPoolAddOns": add_ons})
    )
    return door


def history(door: Door, name: str = "ada") -> list[dict[str, Any]]:
    """A user's events, the newest first."""
    events: list[dict[str, Any]] = door.api("AdminListUserAuthEvents", UserPoolId=door.pool, Username=name)[
        "AuthEvents"
    ]
    return events
