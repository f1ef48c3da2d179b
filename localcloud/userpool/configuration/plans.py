"""What a pool's plan (`UserPoolTier`) does not have, in AWS's words where those are known.

Source: hashicorp/terraform-provider-aws#40734; Cognito developer guide, "Turning off features to change feature plans".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import domains, log_delivery
from localcloud.userpool.configuration.pool_state import LogDelivery, Replica


def check(ctx: Context, pool_id: str, config: Mapping[str, Any]) -> None:
    """Raise FeatureUnavailableInTierException where a pool of these settings keeps what its new plan does not have."""
    if features := [*_beside(ctx, pool_id, config["UserPoolTier"])]:
        raise to_disable(config, *features)


def to_disable(config: Mapping[str, Any], *features: str) -> AwsError:
    """The refusal of settings that want a plan and more than it has."""
    tier, named = config["UserPoolTier"], ", ".join(features)
    message = f"The following features need to be disabled for the {tier} pricing tier configured: {named}"
    return AwsError("FeatureUnavailableInTierException", message)


def _beside(ctx: Context, pool_id: str, tier: str) -> Iterator[str]:
    """What there is beside the pool's own settings."""
    domain = domains.of_pool(ctx, pool_id)
    if tier == "LITE" and domain is not None and domain.version == domains.MANAGED_LOGIN:
        yield "Managed Login Version 2"
    if tier == "LITE" and ctx.store.count(Replica, pool_id=pool_id):
        yield "Multi-Region Replication"
    logs = ctx.store.get(LogDelivery, pool_id)
    if tier != "PLUS" and any(
        one["EventSource"] == log_delivery.ACTIVITY for one in (logs.configurations if logs else ())
    ):
        yield "Log Export"
