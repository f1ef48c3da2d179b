"""An import takes as much memory for a large file as for a small one: upload, rows and log."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from localcloud.userpool.imports import batches, run, upload_url
from localcloud.userpool.imports.uploads import Door
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.imports.conftest import Desk, csv, person

SIGNED = {"host": "127.0.0.1:4566", **upload_url.ENCRYPTION}


@contextmanager
def peak() -> Iterator[Callable[[], int]]:
    """How many bytes of Python's were taken at most; what SQLite keeps is bounded by its own cache."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def upload(desk: Desk, pool_id: str, count: int, parts: int) -> str:
    """A job whose file is made while it is sent."""
    job = desk.describe(pool_id, desk.create(pool_id))
    url = urlsplit(job["PreSignedUrl"])
    header = desk.header(pool_id)
    numbers = iter(range(parts))

    async def receive() -> Any:
        number = next(numbers)
        rows = csv(header, *(person(f"u{number}-{row}") for row in range(count // parts)))
        body = rows if number == 0 else rows.partition(b"\n")[2]
        return {"type": "http.request", "body": body + b"\n", "more_body": number < parts - 1}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    scope = {
        "type": "http",
        "method": "PUT",
        "path": url.path,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in SIGNED.items()],
    }
    asyncio.run(Door(desk.api.cloud, desk.runner)(scope, receive, send))
    return str(job["JobId"])


def test_a_large_file_takes_no_more_than_a_small_one(
    api: Api, desk: Desk, people: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SIZE", 100)
    monkeypatch.setattr(run, "_KEPT_LINES", 100)
    upload(desk, people, 100, 1)  # what is loaded once, and for good
    taken = {}
    for parts in (3, 30):
        pool = api.new_pool(AutoVerifiedAttributes=["email"])
        with peak() as most:
            job_id = upload(desk, pool, parts * 100, parts)
            api("StartUserImportJob", UserPoolId=pool, JobId=job_id)
            desk.runner.wait()
            taken[parts] = most()
        assert desk.describe(pool, job_id)["ImportedUsers"] == parts * 100
    assert taken[30] < 1.3 * taken[3]


def test_the_log_of_a_file_that_is_all_wrong_has_an_end(
    desk: Desk, people: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_KEPT_LINES", 2)
    monkeypatch.setattr(run, "_KEPT_FAILURES", 5)
    job = desk.rows(people, person("ada"), *({"cognito:username": f"u{n}"} for n in range(20)))
    assert (job["ImportedUsers"], job["FailedUsers"]) == (1, 20)
    assert [line.split(" - ")[0] for line in desk.lines] == [
        "[SUCCEEDED] Line Number 2",
        "[FAILED] Line Number 3",
        run._FROM_HERE_ON,
        *(f"[FAILED] Line Number {number}" for number in range(4, 8)),
        run._NO_MORE,
    ]
