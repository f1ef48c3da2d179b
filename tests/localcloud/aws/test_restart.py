"""What the engine holds outlives a kill: resources with their ids, objects, items and users."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.localcloud.aws import killed_engine
from tests.localcloud.aws.local_engine import ROOT, LocalEngine, items


@dataclass(slots=True)
class Killed:
    folder: Path
    told: dict[str, Any]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.localcloud.aws.killed_engine", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr
    return Killed(folder, json.loads(run.stdout))


@pytest.fixture(scope="module")
def local(killed: Killed) -> Iterator[LocalEngine]:
    with LocalEngine(killed.folder / "data") as running:
        yield running


def test_the_stack_comes_back_with_the_same_ids(local: LocalEngine, killed: Killed) -> None:
    assert killed_engine.deploy(local, killed.folder) == killed.told["outputs"]
    assert local.call("cloudformation", "DescribeStacks")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    api_id = killed.told["outputs"]["ApiUrl"].split("/")[-2]
    assert local.call("apigatewayv2", "GetApi", ApiId=api_id)["Name"] == "restart"
    assert local.engine.role("nobody") is None
    assert local.engine.function("restart") is not None


def test_objects_and_their_tags_come_back(local: LocalEngine) -> None:
    assert local.call("s3", "GetObject", Bucket="restart-bucket", Key="a/b")["ContentLength"] == 6
    assert local.engine.object_tags("restart-bucket", "a/b") == {"kind": "test"}


def test_every_answered_write_of_an_item_comes_back(local: LocalEngine) -> None:
    assert items(local, "restart") == {"1": "2", "2": "0", "3": "9"}


def test_an_item_that_was_over_does_not_come_back(local: LocalEngine) -> None:
    """Its delete is kept, or what was written because it was gone would be lost."""
    found = local.call("dynamodb", "GetItem", TableName="restart", Key={"pk": {"S": "3"}})["Item"]
    assert found["count"] == {"N": "9"}
    ends = local.call("dynamodb", "DescribeTimeToLive", TableName="restart")["TimeToLiveDescription"]
    assert ends == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}


def test_users_and_their_keys_come_back(local: LocalEngine, killed: Killed) -> None:
    user = local.engine.user_by_access_key(killed.told["key"])
    assert user is not None
    assert user.name == "someone"
