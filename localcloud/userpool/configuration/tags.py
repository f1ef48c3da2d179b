"""Tags of user pools, the only thing in a pool that has an ARN with tags."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import require_pool

MAX = 50
"""Source: Cognito developer guide, "Tagging your Amazon Cognito resources"."""


def check(tags: Mapping[str, str]) -> None:
    """Raise InvalidParameterException where there are too many tags, or one that is AWS's own."""
    if len(tags) > MAX:
        raise AwsError("InvalidParameterException", f"A resource has at most {MAX} tags.")
    for key in tags:
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidParameterException", f"Tag keys can not start with aws: {key}")


def tagged_pool(ctx: Context, arn: str) -> UserPool:
    """The pool of that ARN. Raises ResourceNotFoundException, also for one of another account."""
    pool_id = arn.rsplit("/", 1)[-1]
    if arn != ctx.cloud.pool_arn(pool_id):
        raise AwsError("ResourceNotFoundException", f"Resource {arn} does not exist.")
    return require_pool(ctx, pool_id)
