"""Runs import jobs on a thread of its own, one at a time, and keeps their files in a folder of the data folder."""

from __future__ import annotations

import contextlib
import secrets
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from localcloud.context import Cloud, Context
from localcloud.userpool.imports import jobs
from localcloud.userpool.imports.jobs import ACTIVE, ImportJob
from localcloud.userpool.imports.run import Limits, Log, fail_interrupted, run

_PATIENCE = 10.0
"""Seconds that a clean stop waits for the batch at hand."""


class Runner:
    """The jobs of one cloud. `folder` is made when the first file comes."""

    def __init__(self, cloud: Cloud, folder: Path, log: Log, limits: Limits) -> None:
        self.limits = limits
        self._context = Context(cloud)
        self._folder = folder
        self._log = log
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def file(self, job_id: str) -> Path:
        """Where a job's file is, if it was uploaded. `job_id` is of a stored job, never a name from the wire."""
        return self._folder / f"{job_id}.csv"

    def is_uploaded(self, job_id: str) -> bool:
        """Whether there is a file for a job."""
        return self.file(job_id).exists()

    @contextlib.contextmanager
    def part(self, job_id: str) -> Iterator[Path]:
        """An empty file for an upload that is under way; gone at the end, where it was not moved."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._sweep()
        path = self._folder / f"{job_id}.{secrets.token_hex(8)}.part"
        # Attack: another user of this machine who reads addresses and password hashes out of it.
        path.touch(mode=0o600, exist_ok=False)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def begin(self, pool_id: str, job_id: str) -> None:
        """Run a job that is pending."""
        self._thread = threading.Thread(target=self._run, args=(pool_id, job_id), name="user-import", daemon=True)
        self._thread.start()

    def recover(self) -> None:
        """At the server's start: end what an earlier one left under way, and forget files that no job waits for."""
        for job in self._active():
            fail_interrupted(self._context, job)
        for path in self._folder.glob("*.part"):
            path.unlink(missing_ok=True)
        self._sweep()

    def close(self) -> None:
        """Stop after the batch at hand; the job has failed then."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def wait(self) -> None:
        """Until the job that runs has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, pool_id: str, job_id: str) -> None:
        job = self._context.store.get(ImportJob, pool_id, job_id)
        try:
            if job is not None:
                with _giving_way():
                    run(self._context, job, self.file(job_id), self._log, self.limits, self._closing.is_set)
        finally:
            self.file(job_id).unlink(missing_ok=True)

    def _active(self) -> list[ImportJob]:
        store = self._context.store
        return [job for status in ACTIVE for job in store.find(ImportJob, status=status)]

    def _sweep(self) -> None:
        """Files of users are kept no longer than their job needs them: not those of jobs that expired, or are gone."""
        waiting = self._context.store.find(ImportJob, status="Created")
        kept = {job.id for job in waiting if jobs.as_of(job, self._context.now).status == "Created"}
        kept |= {job.id for job in self._active()}
        for path in self._folder.glob("*.csv"):
            if path.stem not in kept:
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def _giving_way() -> Iterator[None]:
    """Others get their turn at once: a request changes threads several times, and would wait for 5 ms at each change.

    Not always so: where nobody computes for long, more changes only cost throughput.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
