"""ListUserImportJobs: the jobs of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.imports import jobs
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of jobs, the last created first."""
    pool = require_pool(ctx, request["UserPoolId"])
    scope, count = f"ListUserImportJobs {pool.id}", pages.limit(request["MaxResults"])
    after = pages.start(ctx, scope, request.get("PaginationToken"))
    found = sorted(ctx.store.find(ImportJob, pool_id=pool.id), key=_key, reverse=True)
    rest = [jobs.as_of(job, ctx.now) for job in found if after is None or _key(job) < after]
    page, token = pages.cut(ctx, scope, rest, count, _key)
    return pages.answer("UserImportJobs", [jobs.shown(job) for job in page], token, "PaginationToken")


def _key(job: ImportJob) -> tuple[str, ...]:
    return f"{job.created:020.6f}", job.id
