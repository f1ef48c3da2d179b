"""Every way to a function goes through our runner; results come out as Lambda's own, log events can be read."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.function import Result, sandbox_error
from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine, succeed


@pytest.fixture(scope="module", autouse=True)
def function(local: LocalEngine, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("functions")
    (folder / "build").mkdir()
    resource = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "echo",
            "Runtime": "python3.11",
            "Handler": "a.handler",
            "Role": f"arn:aws:iam::{ACCOUNT}:role/r",
            "Code": {"S3Bucket": "localcloud-build", "S3Key": str(folder / "build"), "S3ObjectVersion": "1"},
        },
    }
    local.deploy_resources({"Echo": resource}, folder, "echo")


@pytest.fixture(autouse=True)
def answer(local: LocalEngine) -> None:
    local.invoked.clear()
    local.answer = succeed


def invoke(local: LocalEngine, **options: Any) -> Any:
    return local.perform(
        "lambda", "Invoke", method="POST", path="/2015-03-31/functions/echo/invocations", body=b'{"a": 1}', **options
    )


@pytest.mark.parametrize("payload", [{"b": 2}, "text", None, [1], 0, True])
def test_a_payload_comes_back_as_json(local: LocalEngine, payload: Any) -> None:
    local.answer = lambda event: succeed(payload)
    reply = invoke(local)
    assert (reply.status, json.loads(reply.body)) == (200, payload)
    function, event = local.invoked[0]
    assert (function.name, event) == ("echo", {"a": 1})


def test_an_error_is_marked_and_has_lambdas_document(local: LocalEngine) -> None:
    error = sandbox_error("Timeout", "Sandbox.Timedout", "Task timed out after 3.00 seconds")
    local.answer = lambda event: Result("r", None, error, 1.0, 0.0, ())
    reply = invoke(local)
    assert (reply.status, dict(reply.headers)["X-Amz-Function-Error"]) == (200, "Unhandled")
    assert json.loads(reply.body) == error.document


def test_a_refused_invocation_is_a_throttle(local: LocalEngine) -> None:
    error = sandbox_error("Refused", "TooManyRequestsException", "Rate Exceeded.")
    local.answer = lambda event: Result("r", None, error, 1.0, 0.0, ())
    assert invoke(local).status == 429


def test_the_tail_of_the_log_comes_back_when_asked_for(local: LocalEngine) -> None:
    tail = dict(invoke(local, headers={"x-amz-log-type": "Tail"}).headers)["X-Amz-Log-Result"]
    assert base64.b64decode(tail) == b"START\nEND"


def test_an_event_invocation_is_answered_before_it_ran(local: LocalEngine) -> None:
    ran = threading.Event()

    def run(event: Any) -> Result:
        ran.set()
        return succeed(None)

    local.answer = run
    assert invoke(local, headers={"x-amz-invocation-type": "Event"}).status == 202
    assert ran.wait(10)


def test_the_loop_serves_others_while_a_function_runs(local: LocalEngine) -> None:
    def run(event: Any) -> Result:
        work = asyncio.run_coroutine_threadsafe(local.engine.call("s3", "ListBuckets"), local.runner.get_loop())
        return succeed(sorted(work.result(10)))

    local.answer = run
    assert "Buckets" in json.loads(invoke(local).body)


def test_log_events_can_be_read_and_do_not_grow_for_ever(local: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("localcloud.aws.log_events._KEPT_EVENTS", 3)
    writer = threading.Thread(target=local.engine.put_log_lines, args=("/aws/lambda/echo", "stream", ["a", "b"]))
    writer.start()
    writer.join()
    local.engine.put_log_lines("/aws/lambda/echo", "stream", ["c", "d"])
    local.wait(asyncio.sleep(0))
    events = local.call("logs", "GetLogEvents", logGroupName="/aws/lambda/echo", logStreamName="stream")["events"]
    assert [event["message"] for event in events] == ["b", "c", "d"]
    found = local.call("logs", "FilterLogEvents", logGroupName="/aws/lambda/echo", filterPattern="c")["events"]
    assert len(found) == 1


def test_a_build_that_is_gone_fails_the_deploy(local: LocalEngine, tmp_path: Path) -> None:
    resource = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Role": "r", "Code": {"S3Bucket": "localcloud-build", "S3Key": str(tmp_path / "nothing")}},
    }
    with pytest.raises(Exception, match=r"resource `F` .*no folder .*nothing: run `make package`"):
        local.deploy_resources({"F": resource}, tmp_path, "gone")
