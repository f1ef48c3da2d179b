"""Replicas of a pool in another Region: kept and shown. Only the pool itself serves anybody here.

Source: API reference, `CreateUserPoolReplica`, `UserPoolReplicaType`; Cognito developer guide, "Multi-Region
replication for user pools".
"""

from __future__ import annotations

import re
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import Replica
from localcloud.userpool.models import UserPool

MOST = 1
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-[0-9]{1,2}")


def check_may_have(ctx: Context, pool: UserPool, region: str) -> None:
    """Raise AwsError where a pool can have no replica there, or has as many as it may."""
    if pool.config["UserPoolTier"] == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "Multi-Region replication needs a tier above LITE.")
    if region == pool.region or not _REGION.fullmatch(region):
        raise AwsError("InvalidParameterException", f"{region} is not another Region than the pool's own.")
    if ctx.store.count(Replica, pool_id=pool.id) >= MOST:
        raise AwsError("LimitExceededException", f"A user pool has at most {MOST} replica.")


def require_secondary(ctx: Context, pool: UserPool, region: str) -> Replica:
    """The replica in a Region. Raises InvalidParameterException for the pool's own, ResourceNotFoundException."""
    if region == pool.region:
        raise AwsError("InvalidParameterException", f"{region} is the Region of the primary user pool.")
    replica = ctx.store.get(Replica, pool.id, region)
    if replica is None:
        raise AwsError("ResourceNotFoundException", f"User pool {pool.id} has no replica in {region}.")
    return replica


def describe(ctx: Context, replica: Replica, status: str = "") -> dict[str, Any]:
    """A `UserPoolReplicaType` of a secondary; `status` where it is on its way to or from the one that is kept."""
    return _shown(ctx, replica.pool_id, replica.region, "SECONDARY", status or replica.status)


def describe_primary(ctx: Context, pool: UserPool) -> dict[str, Any]:
    """The `UserPoolReplicaType` of the pool itself."""
    return _shown(ctx, pool.id, pool.region, "PRIMARY", "ACTIVE")


def _shown(ctx: Context, pool_id: str, region: str, role: str, status: str) -> dict[str, Any]:
    arn = f"arn:aws:cognito-idp:{region}:{ctx.cloud.account}:userpool/{pool_id}"
    return {"RegionName": region, "Status": status, "Role": role, "UserPoolArn": arn}
