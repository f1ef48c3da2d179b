"""ListUsers: the users of a pool, all or those that pass a filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import pages, wire
from localcloud.userpool.accounts import user_filter
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of users, with all attributes or those of `AttributesToGet`."""
    pool = require_pool(ctx, request["UserPoolId"])
    text = request.get("Filter", "")
    wanted, scope = user_filter.parse(text), f"ListUsers {pool.id} {text}"
    count = pages.limit(request.get("Limit"))
    after = pages.start(ctx, scope, request.get("PaginationToken"))
    found = user_filter.search(ctx, pool, wanted, count + 1, after)
    found, token = pages.cut(ctx, scope, found, count, lambda item: item[0])
    users = [_with_attributes(user, request.get("AttributesToGet")) for _, user in found]
    return pages.answer("Users", [wire.user_type(user) for user in users], token, "PaginationToken")


def _with_attributes(user: User, names: list[str] | None) -> User:
    if names is None:
        return user
    # As on AWS, each user of the page must have each of them.
    if not user.attributes.keys() >= set(names):
        raise AwsError("InvalidParameterException", "One or more requested attributes do not exist.")
    return replaced(user, attributes={name: user.attributes[name] for name in names})
