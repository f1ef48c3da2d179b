"""DescribeUserImportJob: how far a job has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.imports import jobs
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The job; its counts grow while it runs."""
    pool = require_pool(ctx, request["UserPoolId"])
    return {"UserImportJob": jobs.shown(jobs.require_job(ctx, pool.id, request["JobId"]))}
