"""Imports without a socket: a file is put where uploads go, and the job runs to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from localcloud.store import replaced
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.imports.run import Limits
from localcloud.userpool.imports.runner import Runner
from localcloud.userpool.models import UserPool
from tests.localcloud.userpool.conftest import Api

ROLE = "arn:aws:iam::000000000000:role/import"


@dataclass
class Desk:
    """Imports files into pools, and keeps what was logged."""

    api: Api
    folder: Path
    lines: list[str] = field(default_factory=list)
    before_batch: Callable[[], object] = lambda: None
    runner: Runner = field(init=False)

    def __post_init__(self) -> None:
        self.limit(Limits())

    def limit(self, limits: Limits) -> None:
        self.runner = self.api.cloud.imports = Runner(self.api.cloud, self.folder, self._open_log, limits)

    def _open_log(self, pool: UserPool, job: ImportJob) -> Callable[[list[str]], None]:
        def put(lines: list[str]) -> None:
            self.lines += lines
            self.before_batch()

        return put

    def header(self, pool_id: str) -> list[str]:
        header: list[str] = self.api("GetCSVHeader", UserPoolId=pool_id)["CSVHeader"]
        return header

    def create(self, pool_id: str, **settings: Any) -> str:
        job = self.api(
            "CreateUserImportJob", UserPoolId=pool_id, JobName="people", CloudWatchLogsRoleArn=ROLE, **settings
        )
        return str(job["UserImportJob"]["JobId"])

    def put(self, job_id: str, data: bytes) -> None:
        with self.runner.part(job_id) as part:
            part.write_bytes(data)
            part.replace(self.runner.file(job_id))

    def describe(self, pool_id: str, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.api("DescribeUserImportJob", UserPoolId=pool_id, JobId=job_id)["UserImportJob"]
        return job

    def run(self, pool_id: str, data: bytes, **settings: Any) -> dict[str, Any]:
        """The job of a file, at its end."""
        job_id = self.create(pool_id, **settings)
        self.put(job_id, data)
        self.api("StartUserImportJob", UserPoolId=pool_id, JobId=job_id)
        self.runner.wait()
        return self.describe(pool_id, job_id)

    def rows(self, pool_id: str, *rows: Mapping[str, str], **settings: Any) -> dict[str, Any]:
        """The job of a file with these rows."""
        header = [*self.header(pool_id), "password_hash"]
        return self.run(pool_id, csv(header, *rows), **settings)


def csv(header: Sequence[str], *rows: Mapping[str, str]) -> bytes:
    lines = [",".join(row.get(name, "").replace(",", "\\,") for name in header) for row in rows]
    return "\n".join([",".join(header), *lines]).encode()


def person(username: str, /, **values: str) -> dict[str, str]:
    """A row that every rule is content with."""
    return {"cognito:username": username, "email": f"{username}@example.com", "email_verified": "true", **values}


def change_pool(api: Api, pool_id: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give a pool settings without asking the operation for them."""
    api.cloud.store.update(UserPool, (pool_id,), lambda pool: replaced(pool, config=change(pool.config)))


@pytest.fixture
def desk(api: Api, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(api, tmp_path / "imports")
    yield desk
    desk.runner.wait()


@pytest.fixture
def people(api: Api) -> str:
    """A pool with usernames, whose e-mail addresses are verified by themselves."""
    return api.new_pool(
        AutoVerifiedAttributes=["email"],
        Schema=[
            {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MaxValue": "9"}},
            {"Name": "note", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "5"}},
        ],
    )
