"""`/me` shows and changes the caller's own profile, field by field, and nothing else of anybody.

Tests of a refusal have no table: a write would end in 500 and not in the refusal.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.store import LEAST
from tests.api.conftest import SUB, call
from triggers import profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY = {"pk": f"USER#{SUB}", "sk": "PROFILE"}
STORED = {"role": "admin", "plan": "paid", "created_at": "2026-11-01T00:00:00Z"}


def test_a_profile_is_shown(app_data: Table) -> None:
    app_data.put_item(Item={**KEY, **STORED, "display_name": "山田　花子", "internal_note": "secret"})
    answer = call("GET", "/me")
    assert (answer.status, answer.json) == (200, {"sub": SUB, **STORED, "display_name": "山田　花子"})


@pytest.mark.usefixtures("app_data")
def test_a_user_without_a_profile_has_the_least() -> None:
    assert call("GET", "/me").json == {"sub": SUB, "role": "user", "plan": "free"}
    assert {"role": profile.LEAST.role, "plan": profile.LEAST.plan} == LEAST


def test_fields_are_changed_and_cleared(app_data: Table) -> None:
    app_data.put_item(Item={**KEY, **STORED, "locale": "en", "internal_note": "secret"})
    changed = call("PATCH", "/me", {"display_name": " 山田　花子 ", "time_zone": "Asia/Tokyo", "locale": None})
    assert changed.status == 200
    when = changed.json.pop("updated_at")
    assert when.endswith("Z")
    assert changed.json == {"sub": SUB, **STORED, "display_name": "山田　花子", "time_zone": "Asia/Tokyo"}
    assert call("GET", "/me").json == {**changed.json, "updated_at": when}
    assert app_data.get_item(Key=KEY)["Item"]["internal_note"] == "secret"


def test_a_change_makes_a_profile_without_role_and_plan(app_data: Table) -> None:
    for _ in range(2):
        assert call("PATCH", "/me", {"locale": "ja-JP"}).json["role"] == "user"
    [item] = app_data.scan()["Items"]
    assert item.keys() == {"pk", "sk", "locale", "created_at", "updated_at"}


def test_only_the_callers_own_item_is_reached(app_data: Table) -> None:
    theirs = {"pk": "USER#another", "sk": "PROFILE", "display_name": "theirs"}
    app_data.put_item(Item=theirs)
    query: dict[str, Any] = {"queryStringParameters": {"sub": "another"}, "rawQueryString": "sub=another"}
    assert call("GET", "/me", headers={"x-user": "another"}, **query).json["sub"] == SUB
    call("PATCH", "/me", {"display_name": "mine"}, **query)
    assert theirs in app_data.scan()["Items"]


@pytest.mark.parametrize("name", ["role", "plan", "sub", "created_at", "updated_at"])
def test_read_only_fields_are_refused_by_name(name: str) -> None:
    answer = call("PATCH", "/me", {"display_name": "x", name: "admin"})
    assert answer.error == (400, "read_only_field")
    assert name in answer.json["error"]["message"]


@pytest.mark.parametrize("name", ["pk", "sk", "Role", "display_name ", "custom:role", "", "#role", "x" * 5000])
def test_unknown_fields_are_refused_by_name(name: str) -> None:
    answer = call("PATCH", "/me", {"display_name": "x", name: "admin"})
    assert answer.error == (400, "unknown_field")
    assert name[:64] in answer.json["error"]["message"]
    assert len(answer.json["error"]["message"]) < 120


BAD: dict[str, list[Any]] = {
    "display_name": [
        "",
        "   ",
        "\u200d",
        "x" * 101,
        "a\nb",
        "a\x00",
        "\ud800",
        "moc.\u202eelgoog",
        1,
        True,
        [],
        {},
        ["x"],
    ],
    "locale": ["", "j", "ja-", "ja JP", "ja-JP-x-y-z-1", "../../etc", "日本", "a" * 40, "ja\n", 1],
    "time_zone": ["", "Asia/", "/Tokyo", "Asia//Tokyo", "A" * 65, "Asia/Tokyo;", "../x", "UTC\n", 9],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_bad_values_are_refused_by_name(name: str, value: object) -> None:
    answer = call("PATCH", "/me", {name: value})
    assert answer.error == (400, "invalid_field")
    assert name in answer.json["error"]["message"]


GOOD = {
    "display_name": ["x", "x" * 100, "👩‍💻", "O'Neil <b>", "محمد", "می‌خواهم"],
    "locale": ["ja", "ja-JP", "ja_JP", "zh-Hant-TW", "es-419", "fil"],
    "time_zone": ["UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires", "Etc/GMT+9", "America/Port-au-Prince"],
}


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_good_values_come_back(name: str, value: str) -> None:
    call("PATCH", "/me", {name: value})
    assert call("GET", "/me").json[name] == value


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("", (400, "invalid_json")),
        ("{", (400, "invalid_json")),
        ("null", (400, "invalid_json")),
        ("[]", (400, "invalid_json")),
        ('"text"', (400, "invalid_json")),
        ("{}", (400, "empty_body")),
        ("[" * 10_000, (400, "invalid_json")),
        ('{"locale": ' + "9" * 9_000 + "}", (400, "invalid_json")),
        ('{"locale": "\ud800"}', (400, "invalid_json")),
        ('{"locale": "ja"' + " " * 10_240 + "}", (413, "body_too_large")),
        ("x" * 1_000_000, (413, "body_too_large")),
        ("あ" * 3_500, (413, "body_too_large")),
    ],
)
def test_bad_bodies_are_refused(raw: str, error: tuple[int, str]) -> None:
    assert call("PATCH", "/me", raw=raw).error == error


def test_no_body_is_refused() -> None:
    assert call("PATCH", "/me").error == (400, "invalid_json")


@pytest.mark.usefixtures("app_data")
def test_a_base64_body_is_read() -> None:
    raw = base64.b64encode(json.dumps({"locale": "ja"}).encode()).decode()
    assert call("PATCH", "/me", raw=raw, isBase64Encoded=True).json["locale"] == "ja"
    assert call("PATCH", "/me", raw="%%%", isBase64Encoded=True).error == (400, "invalid_json")
    large = base64.b64encode(b" " * 10_241).decode()
    assert call("PATCH", "/me", raw=large, isBase64Encoded=True).error == (413, "body_too_large")
