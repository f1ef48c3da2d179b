"""StartUserImportJob: a job whose file was uploaded begins to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.imports import jobs
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Start it, unless another one is active: one at a time in an account."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        job = jobs.require_job(ctx, pool.id, request["JobId"])
        _check(ctx, pool, job)
        job = replaced(job, status="Pending", started=ctx.now)
        ctx.store.put(job)
    ctx.cloud.imports.begin(pool.id, job.id)
    return {"UserImportJob": jobs.shown(job)}


def _check(ctx: Context, pool: UserPool, job: ImportJob) -> None:
    if job.status != "Created":
        raise _unmet(f"User import job {job.id} cannot be started: its status is {job.status}.")
    if not pool.config.get("AutoVerifiedAttributes"):
        raise _unmet("The user pool has no auto verified attributes.")
    if not ctx.cloud.imports.is_uploaded(job.id):
        raise _unmet(f"No csv file was uploaded for {job.id}")
    if any(ctx.store.count(ImportJob, status=status) for status in jobs.ACTIVE):
        raise _unmet("Another user import job is active.")


def _unmet(message: str) -> AwsError:
    return AwsError("PreconditionNotMetException", message)
