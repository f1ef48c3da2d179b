"""What the deciding parts may know of user pools and identity pools, read from the store."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.identitypool.models import Identity, IdentityPool, arn_of
from localcloud.userpool.models import UserPool


def identity_pool_of(cloud: Cloud, identity_id: str) -> str:
    """The ARN of the identity pool that an identity is in; empty when there is no such identity."""
    identity = cloud.store.get(Identity, identity_id)
    return "" if identity is None else arn_of(cloud, identity.pool_id)


def tags(cloud: Cloud, arn: str) -> Mapping[str, str]:
    """The tags of the user pool or identity pool of an ARN in our account; none when it is not there."""
    pool_id = arn.rpartition("/")[2]
    if ":userpool/" in arn:
        pool = cloud.store.get(UserPool, pool_id)
        return pool.config.get("UserPoolTags") or {} if pool else {}
    identity_pool = cloud.store.get(IdentityPool, pool_id)
    return identity_pool.tags if identity_pool else {}
