"""DescribeUserPool: all settings of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration.descriptions import describe_pool
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The pool with its schema, its domain and how many users it has."""
    return {"UserPool": describe_pool(ctx, require_pool(ctx, request["UserPoolId"]))}
