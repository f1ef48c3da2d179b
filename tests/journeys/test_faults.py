"""Faults of triggers: late, failed or cold, as often as was asked for, and what Cognito makes of them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.functions import Function
from tests.journeys.refusals import code_of, refusal
from tests.journeys.trigger_pools import pool_with, sign_up
from tests.local_cloud import LocalCloud

COUNTING = "calls = []\ndef handler(event, context):\n    calls.append(1)\n    raise Exception(f'call {len(calls)}')\n"
PASSING = "def handler(event, context):\n    return event\n"
LATE = "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."


@pytest.fixture
def faulty(cloud: LocalCloud) -> Iterator[LocalCloud]:
    yield cloud
    forget(cloud)


def forget(cloud: LocalCloud) -> Any:
    return cloud.ask(urllib.request.Request(f"{cloud.endpoint}/_localcloud/faults", method="DELETE"))[1]


def test_a_late_trigger_times_out_and_is_called_again_as_often_as_it_gets_attempts(
    faulty: LocalCloud, email: str
) -> None:
    function = Function.make(faulty, PASSING, timeout=1)
    pool = pool_with(faulty, "PreSignUp", function)
    status, told = faulty.post("faults", {"function": function.name, "delay_seconds": 30, "times": 2})
    assert (status, told["faults"][0]["times"], told["trigger_attempts"]) == (200, 2, 3)
    assert faulty.post("faults", {"trigger_attempts": 1})[1]["trigger_attempts"] == 1
    assert refusal(sign_up, pool=pool, email=email) == ("UnexpectedLambdaException", LATE)
    assert faulty.get("faults")[1]["faults"][0]["times"] == 1
    faulty.post("faults", {"trigger_attempts": 3})
    assert sign_up(pool, email)["UserSub"]
    assert faulty.get("faults")[1]["faults"] == []


def test_an_error_surfaces_as_aws_words_it_and_counts_down(faulty: LocalCloud, email: str) -> None:
    function = Function.make(faulty, PASSING)
    pool = pool_with(faulty, "PreSignUp", function)
    faulty.post("faults", {"function": function.name, "error": "no room", "times": 2})
    for _ in range(2):
        said = refusal(sign_up, pool=pool, email=email)
        assert said == ("UserLambdaValidationException", "PreSignUp failed with error no room.")
    assert sign_up(pool, email)["UserSub"]


def test_a_cold_start_is_a_worker_that_remembers_nothing(faulty: LocalCloud, email: str) -> None:
    function = Function.make(faulty, COUNTING)
    pool = pool_with(faulty, "PreSignUp", function)
    calls = []
    for cold in (False, False, True):
        if cold:
            faulty.post("faults", {"function": function.name, "cold_start": True})
        calls.append(refusal(sign_up, pool=pool, email=email).message.split()[-1])
    assert calls == ["1.", "2.", "1."]


def test_what_is_taken_back_does_not_happen(faulty: LocalCloud, email: str) -> None:
    function = Function.make(faulty, PASSING)
    pool = pool_with(faulty, "PreSignUp", function)
    faulty.post("faults", {"function": function.name, "error": "no room", "times": 9})
    assert forget(faulty) == {"faults": [], "trigger_attempts": 3}
    assert sign_up(pool, email)["UserSub"]
    assert code_of(sign_up, pool=pool, email=email) == "UsernameExistsException"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"function": "f"},
        {"function": "f", "error": "x", "times": 0},
        {"function": "f", "error": 7},
        {"function": "f", "delay_seconds": -1},
        {"function": "f", "delay_seconds": 901},
        {"function": "f", "delay_seconds": True},
        {"function": "f", "error": "x", "loud": True},
        {"function": "", "error": "x"},
        {"trigger_attempts": 0},
        {"trigger_attempts": 4},
        {"trigger_attempts": 2, "function": "f"},
    ],
)
def test_what_is_not_a_fault_is_refused(cloud: LocalCloud, asked: dict[str, Any]) -> None:
    status, answer = cloud.post("faults", asked)
    assert (status, answer["error"].startswith("send {")) == (400, True)


def test_a_function_that_there_is_not_has_no_faults(cloud: LocalCloud) -> None:
    status, answer = cloud.post("faults", {"function": "no-such-function", "error": "x"})
    assert (status, "no-such-function" in answer["error"]) == (404, True)


def test_attack_a_web_page_that_breaks_the_sign_in(cloud: LocalCloud) -> None:
    body = {"function": "any", "error": "x"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert cloud.post("faults", body, headers)[0] == 403
    page = urllib.request.Request(f"{cloud.endpoint}/_localcloud/faults", json.dumps(body).encode())
    page.add_header("host", "evil.example:4566")
    assert cloud.ask(page)[0] == 403
