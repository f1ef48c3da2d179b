"""Cut off: who is cut off stays so, however often, late, at once and in whatever order the events come."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.events import CONTEXT, load
from triggers import aws, cut_off, cut_off_register, role_policies
from triggers.cut_off import ENDINGS, handler
from triggers.cut_off_policy import Denial, denial, everybody
from triggers.timestamps import render_epoch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

POOL = "us-east-1_AbC123"
ROLES = ("authenticated", "editors")
ADA, BOB, EVE = (str(uuid.UUID(int=n)) for n in (1, 2, 3))
NOW = 1_790_000_000


class Clock:
    now = float(NOW)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(cut_off, "time", SimpleNamespace(time=lambda: clock.now))
    monkeypatch.setattr(role_policies, "_WAIT_SECONDS", 0)
    return clock


@pytest.fixture(autouse=True)
def iam(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two roles of signed-in users, and the function's environment."""
    monkeypatch.setenv("USER_ROLES", ",".join(ROLES))
    monkeypatch.setenv("USER_POOL_ID", POOL)
    aws.iam.cache_clear()
    client = boto3.client("iam")
    for role in ROLES:
        client.create_role(RoleName=role, AssumeRolePolicyDocument="{}", MaxSessionDuration=3600)
    return client


def signed_out(sub: str, moment: int, **detail: Any) -> dict[str, Any]:
    event = load("cut_off")
    event["detail"] |= {"eventTime": render_epoch(moment), "additionalEventData": {"sub": sub}} | detail
    return handler(event, CONTEXT)


def denied(iam: Any, sub: str) -> list[Denial | None]:
    found = [iam.get_role_policy(RoleName=role, PolicyName="cut-off")["PolicyDocument"] for role in ROLES]
    return [denial(policy, sub) for policy in found]


def nothing_written(iam: Any) -> bool:
    return all(iam.list_role_policies(RoleName=role)["PolicyNames"] == [] for role in ROLES)


def test_an_administrator_cuts_off_up_to_now(iam: Any) -> None:
    since = render_epoch(NOW)
    assert handler({"sub": ADA}, CONTEXT) == {
        "sub": ADA,
        "roles": [{"role": role, "since": since, "everybody": False} for role in ROLES],
    }
    assert denied(iam, ADA) == [Denial(NOW, False)] * 2
    assert denied(iam, BOB) == [None, None]


def test_an_event_of_cloudtrail_cuts_off_up_to_its_own_time(iam: Any) -> None:
    assert signed_out(ADA, NOW - 60)["sub"] == ADA
    assert denied(iam, ADA) == [Denial(NOW - 60, False)] * 2


@pytest.mark.parametrize("name", sorted(ENDINGS))
def test_every_ending_of_access_counts(iam: Any, name: str) -> None:
    signed_out(ADA, NOW, eventName=name)
    assert denied(iam, ADA) == [Denial(NOW, False)] * 2


def test_twice_is_once(iam: Any, app_data: Table) -> None:
    def state() -> Any:
        policies = [iam.get_role_policy(RoleName=r, PolicyName="cut-off")["PolicyDocument"] for r in ROLES]
        return policies, app_data.scan()["Items"]

    signed_out(ADA, NOW)
    before = state()
    signed_out(ADA, NOW)
    assert state() == before


def test_an_event_that_comes_late_shortens_nothing(iam: Any) -> None:
    signed_out(ADA, NOW)
    signed_out(ADA, NOW - 600)
    assert denied(iam, ADA) == [Denial(NOW, False)] * 2
    signed_out(ADA, NOW + 5)
    assert denied(iam, ADA) == [Denial(NOW + 5, False)] * 2


def test_a_cut_off_is_dropped_when_no_session_is_left_that_it_is_about(iam: Any, app_data: Table, clock: Clock) -> None:
    signed_out(ADA, NOW)
    clock.now += 3600
    signed_out(BOB, int(clock.now))
    assert denied(iam, ADA) == [Denial(NOW, False)] * 2, "clocks differ a little"
    clock.now += 301
    signed_out(BOB, int(clock.now))
    assert denied(iam, ADA) == [None, None]
    clock.now += 12 * 3600 + 301
    signed_out(EVE, int(clock.now))
    assert [item["sk"] for item in app_data.scan()["Items"]] == [f"USER#{EVE}"]


def test_a_role_with_longer_sessions_denies_longer(iam: Any, clock: Clock) -> None:
    iam.update_role(RoleName="editors", MaxSessionDuration=7200)
    signed_out(ADA, NOW)
    clock.now += 7000
    signed_out(BOB, int(clock.now))
    assert denied(iam, ADA) == [None, Denial(NOW, False)]
    assert [shown["role"] for shown in signed_out(ADA, NOW)["roles"]] == ["editors"]


def test_an_event_older_than_every_session_writes_nothing(iam: Any) -> None:
    assert signed_out(ADA, NOW - 13 * 3600) == {"sub": ADA, "roles": []}
    assert nothing_written(iam)


def interleave(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Any]) -> None:
    """Let something happen between what the next cut-off reads and what it writes."""
    write, waiting = role_policies.write, [meanwhile]

    def late(role: str, cut_offs: Any, now: int) -> Any:
        if waiting:
            waiting.pop()()
        return write(role, cut_offs, now)

    monkeypatch.setattr(role_policies, "write", late)


def test_race_of_two_cut_offs_loses_neither(iam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    interleave(monkeypatch, lambda: handler({"sub": BOB}, CONTEXT))
    handler({"sub": ADA}, CONTEXT)
    assert denied(iam, ADA) == denied(iam, BOB) == [Denial(NOW, False)] * 2


def test_race_of_two_cut_offs_of_one_user_keeps_the_later(iam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    interleave(monkeypatch, lambda: signed_out(ADA, NOW + 9))
    signed_out(ADA, NOW)
    assert denied(iam, ADA) == [Denial(NOW + 9, False)] * 2


def test_a_crowd_that_never_ends_is_an_error_that_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    write = role_policies.write

    def crowded(*arguments: Any) -> Any:
        cut_off_register.enter(str(uuid.uuid4()), NOW)
        return write(*arguments)

    monkeypatch.setattr(role_policies, "write", crowded)
    with pytest.raises(TimeoutError):
        handler({"sub": ADA}, CONTEXT)


def test_no_room_on_the_role_cuts_everybody_off(iam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """IAM says LimitExceeded, as where other inline policies of the role are large."""
    put, refused = aws.iam().put_role_policy, []

    def full(**arguments: Any) -> Any:
        if json.loads(arguments["PolicyDocument"]) != everybody(NOW):
            refused.append(arguments["RoleName"])
            error = {"Error": {"Code": "LimitExceeded", "Message": "Maximum policy size of 10240 bytes exceeded"}}
            raise aws.iam().exceptions.LimitExceededException(error, "PutRolePolicy")
        return put(**arguments)

    monkeypatch.setattr(aws.iam(), "put_role_policy", full)
    shown = handler({"sub": ADA}, CONTEXT)["roles"]
    assert [one["everybody"] for one in shown] == [True, True]
    assert refused == list(ROLES)
    assert denied(iam, BOB) == [Denial(NOW, True)] * 2


def test_a_role_that_does_not_show_the_cut_off_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws.iam(), "put_role_policy", lambda **_: {})
    with pytest.raises(RuntimeError, match="the role authenticated does not show the cut-off"):
        handler({"sub": ADA}, CONTEXT)


@pytest.mark.parametrize(
    "detail",
    [
        {"errorCode": "NotAuthorizedException"},
        {"eventName": "RevokeToken"},
        {"eventSource": "cognito-identity.amazonaws.com"},
        {"eventName": "AdminDisableUser", "requestParameters": {"userPoolId": "us-east-1_Another"}},
    ],
)
def test_attack_what_ended_nothing_or_elsewhere_cuts_nobody_off(iam: Any, detail: dict[str, Any]) -> None:
    assert signed_out(ADA, NOW, **detail) == {}
    assert nothing_written(iam)


@pytest.mark.parametrize(
    "sub", ["${aws:PrincipalTag/username}", "*", "", None, [ADA], f"{ADA}\n", ADA.upper().replace("0", "A"), "ada"]
)
def test_attack_a_sub_that_would_be_more_than_one_user_in_a_policy(iam: Any, sub: Any) -> None:
    for event in ({"sub": sub}, {"detail": load("cut_off")["detail"] | {"additionalEventData": {"sub": sub}}}):
        with pytest.raises(ValueError, match="names no user"):
            handler(event, CONTEXT)
    assert nothing_written(iam)


def test_an_event_that_names_nobody_is_an_error() -> None:
    with pytest.raises(KeyError):
        handler({}, CONTEXT)
