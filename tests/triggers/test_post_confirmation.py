"""Post confirmation makes a profile with the least role and plan: once, and whatever the user says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.events import CONTEXT, load
from triggers.post_confirmation import handler

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"


def test_a_new_user_gets_a_profile(app_data: Table) -> None:
    event = handler(load("post_confirmation"), CONTEXT)
    assert event == load("post_confirmation")
    [item] = app_data.scan()["Items"]
    made = datetime.strptime(str(item.pop("created_at")), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert item == {"pk": f"USER#{SUB}", "sk": "PROFILE", "role": "user", "plan": "free"}
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)


def test_a_second_run_changes_nothing(app_data: Table) -> None:
    key = {"pk": f"USER#{SUB}", "sk": "PROFILE"}
    grown = {**key, "role": "admin", "plan": "paid", "created_at": "2026-01-01T00:00:00Z", "display_name": "花子"}
    app_data.put_item(Item=grown)
    for _ in range(2):
        handler(load("post_confirmation"), CONTEXT)
    assert app_data.scan()["Items"] == [grown]


def test_a_new_password_makes_nothing(app_data: Table) -> None:
    handler(load("post_confirmation", "PostConfirmation_ConfirmForgotPassword"), CONTEXT)
    assert app_data.scan()["Items"] == []


def test_no_user_writes_its_own_role(app_data: Table) -> None:
    event = load("post_confirmation", **{"role": "admin", "custom:role": "admin", "plan": "paid", "name": "x"})
    event["request"]["clientMetadata"] = {"role": "admin", "plan": "paid"}
    handler(event, CONTEXT)
    [item] = app_data.scan()["Items"]
    assert item.keys() == {"pk", "sk", "role", "plan", "created_at"}
    assert (item["role"], item["plan"]) == ("user", "free")
