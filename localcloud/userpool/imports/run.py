"""One import job, from its file to its end. Counts and users of a batch are stored together: a kill tears neither."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import NotFoundError, replaced
from localcloud.userpool.imports import batches, columns, csv_file, jobs
from localcloud.userpool.imports.batches import Batch
from localcloud.userpool.imports.columns import FileError
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.imports.records import Reader
from localcloud.userpool.models import UserPool

_log = logging.getLogger(__name__)

_KEPT_LINES = 5_000
_KEPT_FAILURES = 50_000
_STOPPED = "The Import Job was stopped by the developer."
_FROM_HERE_ON = f"The local cloud keeps {_KEPT_LINES} lines of a job; from here on, only those of rows that failed."
_NO_MORE = f"The local cloud keeps {_KEPT_FAILURES} lines of rows that failed; from here on, they are only counted."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may have, in rows and bytes; None is no limit. Source: Cognito developer guide, "Quotas"."""

    rows: int | None = 500_000
    size: int | None = 100 << 20


class Log(Protocol):
    """Opens the log of a job."""

    def __call__(self, pool: UserPool, job: ImportJob) -> Callable[[list[str]], None]:
        """What writes lines with the job's role. Raises AwsError, then or now, where the role may not."""
        ...


class _EarlyEndError(Exception):
    """The job came to an end before its file did."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


def run(ctx: Context, job: ImportJob, path: Path, log: Log, limits: Limits, is_closing: Callable[[], bool]) -> None:
    """Carry out a job that is pending. Whatever happens, it has an end afterwards, unless its pool is gone."""
    try:
        _import(ctx, job, path, log, limits, is_closing)
        _end(ctx, job, "Succeeded", "Import Job Completed Successfully.")
    except _EarlyEndError as end:
        _end(ctx, job, end.status, str(end))
    except FileError as error:
        _end(ctx, job, "Failed", str(error))
    except NotFoundError:
        pass
    except Exception:
        # Nobody asks this thread what became of it.
        _log.exception("import job %s failed", job.id)
        _end(ctx, job, "Failed", "Internal error.")


def fail_interrupted(ctx: Context, job: ImportJob) -> None:
    """End a job whose server ended before it. Its users stay; imported again, they are skipped."""
    _end(ctx, job, "Failed", "The local cloud ended before the import did. Import the file again for the rest of it.")


def _import(ctx: Context, job: ImportJob, path: Path, log: Log, limits: Limits, is_closing: Callable[[], bool]) -> None:
    pool = ctx.store.get(UserPool, job.pool_id)
    if pool is None:
        raise NotFoundError(job.pool_id)
    now = _change(ctx, job, lambda kept: replaced(kept, status="InProgress"))
    write = _Writer(log, pool, job)
    with path.open("rb") as file:
        header = csv_file.read_header(file)
        columns.check(pool, header, job.algorithm)
        _check_size(file, header, limits)
        reader = Reader(ctx, pool, job.algorithm)
        rows = csv_file.read_rows(file, header)
        while (batch := batches.read(ctx, reader, rows)).lines:
            if is_closing():
                raise _EarlyEndError("Failed", "The local cloud was stopped.")
            with ctx.store.transaction():
                batches.store(ctx, pool, batch)
                now = _change(ctx, job, functools.partial(_counted, batch))
            write(batch)
    # AWS does not say how many are too many.
    if now.failed + now.skipped > now.imported:
        raise _EarlyEndError("Failed", "Too many users have failed or been skipped during the import.")


def _check_size(file: BinaryIO, header: list[str], limits: Limits) -> None:
    """Before the first user is made, so that a file is imported whole or not at all."""
    if limits.rows is None:
        return
    start = file.tell()
    if sum(1 for _ in csv_file.read_rows(file, header)) > limits.rows:
        raise FileError(f"The CSV file has more than {limits.rows} users.")
    file.seek(start)


def _counted(batch: Batch, job: ImportJob) -> ImportJob:
    return replaced(
        job,
        imported=job.imported + len(batch.users),
        skipped=job.skipped + len(batch.skips),
        failed=job.failed + len(batch.failures),
    )


def _change(ctx: Context, job: ImportJob, change: Callable[[ImportJob], ImportJob]) -> ImportJob:
    """The job, one step further. Raises _EarlyEndError where it was stopped, NotFoundError where its pool is gone."""

    def step(kept: ImportJob) -> ImportJob:
        if kept.status == "Stopping":
            raise _EarlyEndError("Stopped", _STOPPED)
        return change(kept)

    return ctx.store.update(ImportJob, (job.pool_id, job.id), step)


def _end(ctx: Context, job: ImportJob, status: str, message: str) -> None:
    def step(kept: ImportJob) -> ImportJob:
        if kept.status == "Stopping":
            return jobs.ended(kept, ctx.now, "Stopped", _STOPPED)
        return jobs.ended(kept, ctx.now, status, message)

    with contextlib.suppress(NotFoundError):
        ctx.store.update(ImportJob, (job.pool_id, job.id), step)


class _Writer:
    """Writes the lines of each batch, as the role that the job names."""

    def __init__(self, log: Log, pool: UserPool, job: ImportJob) -> None:
        with _refused():
            self._write = log(pool, job)
        self._seen = self._failed = 0

    def __call__(self, batch: Batch) -> None:
        with _refused():
            self._write([*self._kept(batch)])

    def _kept(self, batch: Batch) -> Iterator[str]:
        # A log stream is kept in memory. The lines that somebody looks for are those of rows that failed.
        for failed, line in batch.log():
            self._seen += 1
            self._failed += failed
            if self._seen <= _KEPT_LINES or (failed and self._failed <= _KEPT_FAILURES):
                yield line
            if self._seen == _KEPT_LINES:
                yield _FROM_HERE_ON
            if failed and self._failed == _KEPT_FAILURES:
                yield _NO_MORE


@contextlib.contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except AwsError as error:
        raise _EarlyEndError(
            "Failed", "The CloudWatch Logs role cannot be assumed, or does not let Cognito write."
        ) from error
