"""The door that takes files: who may send one, how long, how much, and what is left of an upload that broke off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest

from localcloud.userpool.imports import upload_url
from localcloud.userpool.imports.run import Limits
from localcloud.userpool.imports.uploads import Door
from localcloud.wire.http import ClientGoneError
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.imports.conftest import Desk
from tests.localcloud.userpool.imports.test_jobs import leave

SIGNED = {"host": "127.0.0.1:4566", **upload_url.ENCRYPTION}
GONE = {"type": "http.disconnect"}


def send(
    desk: Desk,
    url: str,
    messages: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str] = SIGNED,
    method: str = "PUT",
) -> tuple[int, str]:
    """Status and text of the answer to a request whose body comes in these messages."""
    parts = urlsplit(url)
    waiting, sent = list(messages), []

    async def receive() -> Any:
        return waiting.pop(0)

    async def take(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(Door(desk.api.cloud, desk.runner)(scope, receive, take))
    return sent[0]["status"], sent[1]["body"].decode()


def parts(*data: bytes) -> list[dict[str, Any]]:
    last = len(data) - 1
    return [{"type": "http.request", "body": part, "more_body": at < last} for at, part in enumerate(data)]


@pytest.fixture
def job(desk: Desk, people: str) -> dict[str, Any]:
    return desk.describe(people, desk.create(people))


def test_a_file_comes_in_parts_and_the_last_one_counts(desk: Desk, job: dict[str, Any]) -> None:
    assert send(desk, job["PreSignedUrl"], parts(b"first")) == (200, "")
    assert send(desk, job["PreSignedUrl"], parts(b"sec", b"ond", b"")) == (200, "")
    path = desk.runner.file(job["JobId"])
    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_upload_that_breaks_off_leaves_the_file_before_it(desk: Desk, job: dict[str, Any]) -> None:
    send(desk, job["PreSignedUrl"], parts(b"first"))
    with pytest.raises(ClientGoneError):
        send(desk, job["PreSignedUrl"], [*parts(b"sec", b"")[:1], GONE])
    assert [path.read_bytes() for path in desk.folder.iterdir()] == [b"first"]


def test_a_file_that_is_too_large_is_not_kept(desk: Desk, job: dict[str, Any]) -> None:
    """Attack: a URL that fills the disk."""
    desk.limit(Limits(size=10))
    status, text = send(desk, job["PreSignedUrl"], parts(b"x" * 6, b"x" * 6, b"never read"))
    assert (status, "EntityTooLarge" in text) == (400, True)
    assert [*desk.folder.iterdir()] == []
    assert send(desk, job["PreSignedUrl"], parts(b"x" * 10))[0] == 200


def test_nothing_comes_through_without_the_url_as_it_was_made(desk: Desk, job: dict[str, Any]) -> None:
    """Attack: a file of one's own in the place of the one that an administrator is about to import."""
    url, body = job["PreSignedUrl"], parts(b"x")
    signature = url.rpartition("=")[2]
    for wrong in (
        url.replace(signature, "0" * 64),
        url.replace("X-Amz-Expires=899", "X-Amz-Expires=604800"),
        url.replace("/000000000000/", "/111111111111/"),
        url.replace(job["JobId"], f"{job['JobId']}/../import-other"),
        url.replace(job["JobId"], "import-other"),
        url.replace("%2Fs3%2F", "%2Fsts%2F"),
        url.split("&X-Amz-Signature")[0],
        url.split("?")[0],
    ):
        assert send(desk, wrong, body)[0] in (400, 403), wrong
    assert send(desk, url, body, {"host": "127.0.0.1:4566"})[0] == 403
    assert send(desk, url, body, {**SIGNED, "x-amz-acl": "public-read"})[0] == 403
    assert send(desk, url, body, {**SIGNED, "host": "evil.example.com"})[0] == 403
    assert send(desk, url, body, method="POST")[0] == 403
    assert not desk.folder.exists()


def test_the_url_ends_after_a_quarter_of_an_hour(api: Api, desk: Desk, job: dict[str, Any], people: str) -> None:
    old = upload_url.sign(api.cloud, people, job["JobId"], time.time() - 901)
    status, text = send(desk, old, parts(b"x"))
    assert (status, "Request has expired" in text) == (403, True)


def test_a_job_that_runs_takes_no_other_file(api: Api, desk: Desk, job: dict[str, Any], people: str) -> None:
    """Attack: another file under a job that has begun, or hashes left on the disk by one that has ended."""
    send(desk, job["PreSignedUrl"], parts(b"first"))
    leave(api, people, job["JobId"], "InProgress")
    assert send(desk, job["PreSignedUrl"], parts(b"second"))[0] == 403
    assert desk.runner.file(job["JobId"]).read_bytes() == b"first"
