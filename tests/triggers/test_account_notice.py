"""Account notices: once for each event, in the user's language, to a verified address, and in nobody's way."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.events import CONTEXT, load
from tests.triggers.device_pool import DevicePool, device
from triggers import account_notice, aws, notices, post_authentication, post_confirmation
from triggers.errors import DeniedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB, AT = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70", 1_795_316_820  # 2026-11-22T03:07:00Z
KINDS = pytest.mark.parametrize("kind", notices.KINDS)


class NamedPool(DevicePool):
    """Users who have attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes = {"sub": SUB, "email": "ada@example.com", "email_verified": "true"}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        pairs = [{"Name": name, "Value": value} for name, value in self.attributes.items()]
        return super()._get(request) | {"UserAttributes": pairs}


@pytest.fixture
def device_pool() -> NamedPool:
    pool = NamedPool()
    pool.add(SUB)
    return pool


@pytest.fixture(autouse=True)
def told(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What the triggers hand over: Lambda's answer is made up, its request is not."""
    monkeypatch.setenv("NOTICE_FUNCTION", "account-notice")
    monkeypatch.setenv("SES_IDENTITY_ARN", "arn:aws:ses:us-east-1:000000000000:identity/example.com")
    monkeypatch.setenv("SES_FROM", "no-reply@example.com")
    boto3.client("sesv2").create_email_identity(EmailIdentity="example.com")
    found: list[dict[str, Any]] = []

    def before_call(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        assert params["headers"]["X-Amz-Invocation-Type"] == "Event"
        if "no-such" in params["url_path"]:
            return SimpleNamespace(status_code=404), {"Error": {"Code": "ResourceNotFoundException"}}
        found.append(json.loads(params["body"]))
        return SimpleNamespace(status_code=202), {"ResponseMetadata": {}}

    events: Any = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
    events.register("before-call.lambda.Invoke", before_call)
    aws.one_try.cache_clear()
    yield found
    aws.one_try.cache_clear()


def sent() -> list[Any]:
    return [
        (m.destinations["ToAddresses"][0], m.subject, m.body)
        for m in ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    ]


def notify(kind: str = "NewDevice", at: int = AT, **changes: Any) -> None:
    event = {"kind": kind, "pool_id": "us-east-1_EXAMPLE12", "username": SUB, "at": at, **changes}
    account_notice.handler(event, CONTEXT)


@KINDS
def test_each_notice_says_when_and_comes_once(kind: str) -> None:
    for late in range(3):
        notify(kind, AT + late)
    ((to, subject, body),) = sent()
    assert to == "ada@example.com"
    assert subject
    assert "2026-11-22 03:07 UTC" in body


@KINDS
def test_it_is_in_the_users_language(kind: str, device_pool: NamedPool) -> None:
    device_pool.attributes["locale"] = "ja-JP"
    notify(kind)
    assert 'lang="ja"' in sent()[0][2]
    assert "2026-11-22 03:07 UTC" in sent()[0][2]


def test_another_kind_and_another_minute_are_told_as_well() -> None:
    notify("NewDevice")
    notify("PasswordReset")
    notify("NewDevice", AT + account_notice.SAME + 1)
    assert len(sent()) == 3


def test_an_address_that_is_not_verified_gets_none(device_pool: NamedPool, app_data: Table) -> None:
    # Attack: notices about an account, to an address that somebody typed in.
    device_pool.attributes["email_verified"] = "false"
    notify()
    assert sent() == []
    assert app_data.scan()["Items"] == []


def test_nobody_is_told_for_a_user_who_is_no_more() -> None:
    notify(username="nobody")
    assert sent() == []


def test_a_notice_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such notice"):
        notify("SignIn_OneTimeCode")
    assert sent() == []


def test_where_ses_fails_there_is_no_second_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SES_FROM", "no-reply@stranger.test")
    with pytest.raises(ClientError):
        notify()
    monkeypatch.setenv("SES_FROM", "no-reply@example.com")
    notify()
    assert sent() == []


def test_what_is_kept_of_it_goes_by_itself(app_data: Table) -> None:
    notify()
    (item,) = app_data.scan()["Items"]
    assert (item["pk"], item["sk"]) == (f"NOTICE#{SUB}", "NewDevice")
    assert int(str(item["expires_at"])) > time.time()


def test_no_log_has_the_address(logs: io.StringIO) -> None:
    notify()
    assert "mailed" in logs.getvalue()
    assert "example.com" not in logs.getvalue()
    assert SUB not in logs.getvalue()


def test_a_sign_in_without_a_device_is_told(told: list[dict[str, Any]]) -> None:
    event = load("post_authentication")
    for new in (True, False, None):
        event["request"]["newDeviceUsed"] = new
        post_authentication.handler(event, CONTEXT)
    (one,) = told
    assert abs(one.pop("at") - time.time()) < 60
    assert one == {"kind": "NewDevice", "pool_id": event["userPoolId"], "username": SUB}


def test_a_sign_in_that_is_refused_is_not_told(
    told: list[dict[str, Any]], device_pool: NamedPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_DEVICES", "1")
    monkeypatch.setenv("DEVICE_LIMIT_POLICY", "deny")
    device_pool.add(SUB, device("us-east-1_00000000-0000-4000-8000-000000000001"))
    event = load("post_authentication")
    event["request"]["newDeviceUsed"] = True
    with pytest.raises(DeniedError):
        post_authentication.handler(event, CONTEXT)
    assert told == []


def test_a_password_that_was_reset_is_told_and_a_new_user_is_not(told: list[dict[str, Any]]) -> None:
    post_confirmation.handler(load("post_confirmation"), CONTEXT)
    assert told == []
    post_confirmation.handler(load("post_confirmation", "PostConfirmation_ConfirmForgotPassword"), CONTEXT)
    assert [one["kind"] for one in told] == ["PasswordReset"]


def test_what_cannot_be_told_stops_nothing(monkeypatch: pytest.MonkeyPatch, logs: io.StringIO) -> None:
    # Attack: a sign-in that waits for a mail, and a mail system that is down.
    monkeypatch.setenv("NOTICE_FUNCTION", "no-such-function")
    event = load("post_confirmation", "PostConfirmation_ConfirmForgotPassword")
    assert post_confirmation.handler(event, CONTEXT) == event
    assert "no notice" in logs.getvalue()


def test_it_takes_two_seconds_at_most_and_one_try() -> None:
    config = aws.one_try("lambda", 1).meta.config
    assert config.connect_timeout + config.read_timeout <= 2
    assert config.retries["total_max_attempts"] == 1


def test_a_stack_without_notices_tells_nobody(told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTICE_FUNCTION", "")
    post_confirmation.handler(load("post_confirmation", "PostConfirmation_ConfirmForgotPassword"), CONTEXT)
    assert told == []
