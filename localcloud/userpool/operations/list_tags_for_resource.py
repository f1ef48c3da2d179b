"""ListTagsForResource: the tags of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All tags."""
    return {"Tags": tags.tagged_pool(ctx, request["ResourceArn"]).config["UserPoolTags"]}
