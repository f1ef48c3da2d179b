"""Pre token generation puts role and plan into both tokens, keeps the groups, and refuses events it cannot serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.events import CONTEXT, load
from triggers.errors import DeniedError
from triggers.pre_token_generation import handler

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"
KEY = {"pk": f"USER#{SUB}", "sk": "PROFILE"}
SOURCES = (
    "TokenGeneration_HostedAuth",
    "TokenGeneration_Authentication",
    "TokenGeneration_NewPasswordChallenge",
    "TokenGeneration_AuthenticateDevice",
    "TokenGeneration_RefreshTokens",
)


def details(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = handler(event, CONTEXT)["response"]["claimsAndScopeOverrideDetails"]
    return found


def claims(role: str, plan: str) -> dict[str, Any]:
    return {"claimsToAddOrOverride": {"role": role, "plan": plan}}


@pytest.mark.parametrize("source", SOURCES)
def test_both_tokens_say_role_and_plan(app_data: Table, source: str) -> None:
    app_data.put_item(Item={**KEY, "role": "admin", "plan": "paid"})
    answer = details(load("pre_token_generation", source))
    assert answer["idTokenGeneration"] == answer["accessTokenGeneration"] == claims("admin", "paid")


@pytest.mark.parametrize("item", [None, {}, {"display_name": "x"}])
def test_a_user_without_role_and_plan_has_the_least(app_data: Table, item: dict[str, str] | None) -> None:
    if item is not None:
        app_data.put_item(Item={**KEY, **item})
    answer = details(load("pre_token_generation"))
    assert answer["idTokenGeneration"] == answer["accessTokenGeneration"] == claims("user", "free")


@pytest.mark.usefixtures("app_data")
def test_no_user_claims_its_own_role() -> None:
    event = load("pre_token_generation", **{"role": "admin", "custom:role": "admin", "plan": "paid"})
    event["request"]["clientMetadata"] = {"role": "admin"}
    event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": {"scopesToAdd": ["admin"]}}
    assert details(event) == {
        "idTokenGeneration": claims("user", "free"),
        "accessTokenGeneration": claims("user", "free"),
        "groupOverrideDetails": event["request"]["groupConfiguration"],
    }


@pytest.mark.usefixtures("app_data")
def test_groups_stay_as_they_are() -> None:
    assert details(load("pre_token_generation"))["groupOverrideDetails"] == {
        "groupsToOverride": ["editors"],
        "iamRolesToOverride": [],
        "preferredRole": None,
    }
    bare = load("pre_token_generation")
    del bare["request"]["groupConfiguration"]
    assert "groupOverrideDetails" not in details(bare)


@pytest.mark.usefixtures("app_data")
def test_a_second_run_answers_the_same() -> None:
    once = handler(load("pre_token_generation"), CONTEXT)
    assert handler(once, CONTEXT) == handler(load("pre_token_generation"), CONTEXT)


@pytest.mark.usefixtures("app_data")
def test_a_version_3_event_is_answered_alike() -> None:
    event = load("pre_token_generation") | {"version": "3"}
    assert details(event) == details(load("pre_token_generation"))


def test_a_version_1_event_is_refused_by_name() -> None:
    with pytest.raises(DeniedError, match="V2_0"):
        handler(load("pre_token_generation_v1"), CONTEXT)


def test_a_machine_has_no_profile() -> None:
    with pytest.raises(DeniedError, match="TokenGeneration_ClientCredentials"):
        handler(load("pre_token_generation", "TokenGeneration_ClientCredentials") | {"version": "3"}, CONTEXT)
