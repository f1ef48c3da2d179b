"""CreateUserPoolDomain: a domain prefix for a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import Domain
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the prefix, which is unique, for a pool that has none."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        version = domains.wanted_version(pool, request, domains.CLASSIC)
        domains.check_name(request["Domain"])
        if domains.of_pool(ctx, pool.id):
            raise AwsError("InvalidParameterException", "User pool already has a domain configured.")
        try:
            ctx.store.insert(Domain(request["Domain"], pool.id, version))
        except AlreadyExistsError as error:
            message = "Domain already associated with another user pool."
            raise AwsError("InvalidParameterException", message) from error
    return {"ManagedLoginVersion": version}
