"""CreateUserImportJob: a job that will make users of the rows of a CSV file."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import ids
from localcloud.userpool.imports import jobs, upload_url
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make the job, and the URL that its file is to be sent to. The role is asked for when the job runs, as on AWS."""
    pool = require_pool(ctx, request["UserPoolId"])
    job_id = ids.import_job_id(ctx)
    job = ImportJob(
        pool_id=pool.id,
        id=job_id,
        name=request["JobName"],
        role_arn=request["CloudWatchLogsRoleArn"],
        algorithm=request.get("PasswordHashingAlgorithm", ""),
        url=upload_url.sign(ctx.cloud, pool.id, job_id, time.time()),
        created=ctx.now,
    )
    with ctx.store.transaction():
        if ctx.store.count(ImportJob, pool_id=pool.id) >= jobs.MOST:
            raise AwsError("LimitExceededException", f"A user pool has at most {jobs.MOST} user import jobs.")
        ctx.store.insert(job)
    return {"UserImportJob": jobs.shown(job)}
