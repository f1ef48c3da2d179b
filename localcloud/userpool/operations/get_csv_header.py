"""GetCSVHeader: the first line of the CSV files that users are imported from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.imports import columns
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the pool's files."""
    pool = require_pool(ctx, request["UserPoolId"])
    return {"UserPoolId": pool.id, "CSVHeader": columns.of_pool(pool)}
