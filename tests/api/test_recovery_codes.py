"""`/me/recovery-codes` makes ten codes for a new sign-in and shows them once; afterwards it says how many are left."""

from __future__ import annotations

import json
import re
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from api import notices
from tests.api.conftest import SUB, call
from tests.events import CONTEXT, load

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

PATH = "/me/recovery-codes"


def as_signed_in(seconds_ago: int) -> dict[str, Any]:
    """The request context of somebody who signed in so long ago."""
    context: dict[str, Any] = load("api_get_me")["requestContext"]
    context["authorizer"]["jwt"]["claims"]["auth_time"] = str(int(time.time()) - seconds_ago)
    return context


@pytest.mark.usefixtures("app_data")
def test_ten_codes_of_eighty_bits_are_made() -> None:
    assert call("GET", PATH).json == {"left": 0}
    made = call("POST", PATH)
    assert (made.status, made.json.keys()) == (201, {"codes"})
    assert len(set(made.json["codes"])) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in made.json["codes"])
    assert call("GET", PATH).json == {"left": 10}


@pytest.mark.usefixtures("app_data")
def test_no_cache_keeps_them() -> None:
    from api.handler import handler

    event = load("api_get_me")
    event["requestContext"] = as_signed_in(0)
    event["rawPath"] = event["requestContext"]["http"]["path"] = PATH
    event["requestContext"]["http"]["method"] = "POST"
    assert handler(event, CONTEXT)["headers"]["Cache-Control"] == "no-store"


def test_the_table_tells_no_code(app_data: Table) -> None:
    codes = call("POST", PATH).json["codes"]
    (item,) = app_data.scan()["Items"]
    assert (item["pk"], item["sk"]) == (f"RECOVERY#{SUB}", "CODES")
    assert not any(code in str(item) or code.replace("-", "") in str(item) for code in codes)


def test_a_new_set_leaves_nothing_of_the_old_one(app_data: Table) -> None:
    call("POST", PATH)
    before = app_data.scan()["Items"][0]
    app_data.update_item(
        Key={"pk": before["pk"], "sk": before["sk"]},
        UpdateExpression="SET taken = :x, taken_by = :x",
        ExpressionAttributeValues={":x": "an earlier sign-in"},
    )
    call("POST", PATH)
    (after,) = app_data.scan()["Items"]
    assert after.keys() == before.keys()
    assert after["salt"] != before["salt"]
    assert after["digests"].isdisjoint(before["digests"])  # type: ignore[union-attr, arg-type]


def test_codes_want_a_new_sign_in_and_counting_does_not(app_data: Table) -> None:
    # Attack: codes made on a phone that its user left signed in.
    refused = call("POST", PATH, requestContext=as_signed_in(400))
    assert refused.error == (401, "insufficient_user_authentication")
    assert 'max_age="300"' in refused.challenge
    assert app_data.scan()["Items"] == []
    assert call("GET", PATH, requestContext=as_signed_in(400)).status == 200


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("fails", [False, True])
def test_the_user_is_told_but_nothing_waits_for_it(fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def before_call(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        told.append((params["headers"]["X-Amz-Invocation-Type"], json.loads(params["body"])))
        error = {"Error": {"Code": "ServiceException"}} if fails else {}
        return SimpleNamespace(status_code=500 if fails else 202), {"ResponseMetadata": {}, **error}

    monkeypatch.setenv("NOTICE_FUNCTION", "account-notice")
    events: Any = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
    events.register("before-call.lambda.Invoke", before_call)
    notices._functions.cache_clear()
    assert call("POST", PATH).status == 201
    ((how, what),) = told
    assert abs(what.pop("at") - time.time()) < 60
    assert (how, what) == ("Event", {"kind": "RecoveryCodesMade", "pool_id": "us-east-1_EXAMPLE12", "username": SUB})
    notices._functions.cache_clear()
