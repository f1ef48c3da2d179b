"""A runner, and functions written on the spot."""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from localcloud.aws.functions import Function, Functions

Write = Callable[..., Function]
Log = list[tuple[str, str, list[str]]]

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "ASIAONE", "AWS_SECRET_ACCESS_KEY": "one", "AWS_SESSION_TOKEN": "token-one"}


@pytest.fixture
def log() -> Log:
    return []


@pytest.fixture
def functions(log: Log) -> Iterator[Functions]:
    runner = Functions(
        lambda function: CREDENTIALS,
        "http://127.0.0.1:4566",
        "us-east-1",
        lambda function, stream, lines: log.append((function.log_group, stream, lines)),
        max_workers_per_function=3,
    )
    yield runner
    runner.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a module and get the function whose handler is `app.handler` in it."""

    def write(code: str, handler: str = "app.handler", timeout: float = 20, runtime: str = "python3.11") -> Function:
        package = tmp_path / "package"
        package.mkdir(exist_ok=True)
        (package / "app.py").write_text(textwrap.dedent(code), encoding="utf-8")
        return Function(
            name="greet",
            arn="arn:aws:lambda:us-east-1:000000000000:function:greet:live",
            handler=handler,
            timeout=timeout,
            memory_mb=512,
            role_arn="arn:aws:iam::000000000000:role/greet",
            environment={"TABLE": "people", "AWS_REGION": "eu-west-1"},
            package=package,
            log_group="/aws/lambda/greet",
            version="7",
            runtime=runtime,
        )

    return write


def wait_for_end(pid: int) -> None:
    """Return when the process is gone, or a zombie nobody waits for. Fails after ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][1] == "Z":
            return
        time.sleep(0.01)
    raise AssertionError(f"process {pid} is still there")
