"""Import jobs: what is kept of one, and which state may follow which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import Entity, replaced

ACTIVE = ("Pending", "InProgress", "Stopping")
"""States of a job that runs. Only one can be active at a time in an account."""

MOST = 1_000
"""Jobs of one pool. Source: Cognito developer guide, "Quotas"."""

STARTED_WITHIN = 86_400
"""Seconds. AWS gives a job 24 to 48 hours until it is started; the local cloud the shorter time."""


@dataclass(frozen=True, slots=True)
class ImportJob(Entity):
    """One job. `algorithm` is that of the file's password hashes, empty where it has none; 0.0 is no time yet."""

    KEY = ("pool_id", "id")
    INDEXES = (("status",),)
    pool_id: str
    id: str
    name: str
    role_arn: str
    algorithm: str
    url: str
    created: float
    status: str = "Created"
    started: float = 0.0
    completed: float = 0.0
    message: str = ""
    imported: int = 0
    skipped: int = 0
    failed: int = 0


KINDS = (ImportJob,)


def require_job(ctx: Context, pool_id: str, job_id: str) -> ImportJob:
    """The job of that id as it is now. Raises ResourceNotFoundException."""
    job = ctx.store.get(ImportJob, pool_id, job_id)
    if job is None:
        raise AwsError("ResourceNotFoundException", f"User import job {job_id} does not exist.")
    return as_of(job, ctx.now)


def as_of(job: ImportJob, now: float) -> ImportJob:
    """The job at a time: one that was not started soon enough has expired."""
    end = job.created + STARTED_WITHIN
    if job.status != "Created" or now <= end:
        return job
    return replaced(job, status="Expired", completed=end, message="The user import job has expired.")


def ended(job: ImportJob, now: float, status: str, message: str) -> ImportJob:
    """The job with its end: `Stopped`, `Failed` or `Succeeded`."""
    return replaced(job, status=status, completed=now, message=message)


def shown(job: ImportJob) -> dict[str, Any]:
    """A `UserImportJobType`."""
    optional = {
        "StartDate": job.started,
        "CompletionDate": job.completed,
        "CompletionMessage": job.message,
        "PasswordHashingAlgorithm": job.algorithm,
    }
    return {
        "JobName": job.name,
        "JobId": job.id,
        "UserPoolId": job.pool_id,
        "PreSignedUrl": job.url,
        "CreationDate": job.created,
        "Status": job.status,
        "CloudWatchLogsRoleArn": job.role_arn,
        "ImportedUsers": job.imported,
        "SkippedUsers": job.skipped,
        "FailedUsers": job.failed,
        **{name: value for name, value in optional.items() if value},
    }
