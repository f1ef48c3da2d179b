"""StopUserImportJob: a job that runs is to stop. It cannot be started again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.imports import jobs
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Ask it to stop; it does so after the rows at hand. Users that were imported stay."""
    pool = require_pool(ctx, request["UserPoolId"])
    job = jobs.require_job(ctx, pool.id, request["JobId"])
    return {"UserImportJob": jobs.shown(ctx.store.update(ImportJob, (pool.id, job.id), _stopping))}


def _stopping(job: ImportJob) -> ImportJob:
    if job.status not in ("Pending", "InProgress"):
        message = f"User import job {job.id} cannot be stopped: its status is {job.status}."
        raise AwsError("PreconditionNotMetException", message)
    return replaced(job, status="Stopping")
