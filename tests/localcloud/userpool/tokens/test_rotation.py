"""Refresh token rotation: a new token at each refresh, the old one good for its grace, and the end of a reused one."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.store import replaced
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient, User
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.sign_ins import Door

ROTATING: dict[str, Any] = {
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
}
GRACELESS = {**ROTATING, "RefreshTokenRotation": {"Feature": "ENABLED"}}


@pytest.fixture
def door(api: Api) -> Door:
    opened = Door.open(api, client=ROTATING)
    opened.user()
    return opened


def begun(door: Door) -> dict[str, Any]:
    result: dict[str, Any] = door.by_password()["AuthenticationResult"]
    return result


def refreshed(door: Door, refresh: str) -> dict[str, Any]:
    answer = door.api("GetTokensFromRefreshToken", ClientId=door.client, RefreshToken=refresh)
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def origin(door: Door, result: dict[str, Any]) -> str:
    return str(tokens.verify_access(door.api.context, result["AccessToken"])[2]["origin_jti"])


def test_each_refresh_gives_a_new_token_of_the_same_sign_in(door: Door) -> None:
    first = begun(door)
    second = refreshed(door, first["RefreshToken"])
    third = refreshed(door, second["RefreshToken"])
    assert len({result["RefreshToken"] for result in (first, second, third)}) == 3
    assert origin(door, first) == origin(door, second) == origin(door, third)


def test_without_rotation_there_is_no_new_token(api: Api) -> None:
    door = Door.open(api)
    door.user()
    assert "RefreshToken" not in refreshed(door, begun(door)["RefreshToken"])


def test_within_its_grace_the_old_token_gives_another_new_one_and_both_are_good(door: Door) -> None:
    old = begun(door)["RefreshToken"]
    first = refreshed(door, old)
    door.api.cloud.clock.advance(9)
    second = refreshed(door, old)
    assert first["RefreshToken"] != second["RefreshToken"]
    for result in (first, second):
        assert refreshed(door, result["RefreshToken"])


def test_a_retry_does_not_make_the_grace_longer(door: Door) -> None:
    old = begun(door)["RefreshToken"]
    for seconds in (0, 9):
        door.api.cloud.clock.advance(seconds)
        refreshed(door, old)
    door.api.cloud.clock.advance(1)
    with door.api.refused("RefreshTokenReuseException"):
        refreshed(door, old)


@pytest.mark.parametrize(("settings", "seconds"), [(ROTATING, 10), (GRACELESS, 0)])
def test_attack_a_stolen_token_used_after_its_owner_has_rotated_it(
    api: Api, settings: dict[str, Any], seconds: int
) -> None:
    door = Door.open(api, client=settings)
    door.user()
    stolen = begun(door)["RefreshToken"]
    owner = refreshed(door, stolen)
    api.cloud.clock.advance(seconds)
    for _ in range(2):
        with api.refused("RefreshTokenReuseException"):
            refreshed(door, stolen)
    with api.refused("NotAuthorizedException", "revoked"):
        refreshed(door, owner["RefreshToken"])
    with api.refused("NotAuthorizedException", "revoked"):
        api("GetUser", AccessToken=owner["AccessToken"])


def test_another_sign_in_of_the_user_stays(door: Door) -> None:
    other, reused = begun(door), begun(door)["RefreshToken"]
    refreshed(door, reused)
    door.api.cloud.clock.advance(10)
    with door.api.refused("RefreshTokenReuseException"):
        refreshed(door, reused)
    assert refreshed(door, other["RefreshToken"])


def test_a_new_token_lives_as_long_as_the_one_before_would_have(door: Door) -> None:
    day = 86_400
    refresh = begun(door)["RefreshToken"]
    door.api.cloud.clock.advance(29 * day)
    refresh = refreshed(door, refresh)["RefreshToken"]
    door.api.cloud.clock.advance(day - 1)
    refresh = refreshed(door, refresh)["RefreshToken"]
    door.api.cloud.clock.advance(2)
    with door.api.refused("NotAuthorizedException", "expired"):
        refreshed(door, refresh)


def test_any_token_of_a_sign_in_revokes_it(door: Door) -> None:
    old = begun(door)["RefreshToken"]
    new = refreshed(door, old)["RefreshToken"]
    door.api("RevokeToken", ClientId=door.client, Token=old)
    with door.api.refused("NotAuthorizedException", "revoked"):
        refreshed(door, new)


def test_a_made_up_successor_is_no_token(door: Door) -> None:
    origin_jti = begun(door)["RefreshToken"].partition(".")[0]
    with door.api.refused("NotAuthorizedException", "Invalid Refresh Token"):
        refreshed(door, f"{origin_jti}.guessed")


def test_the_refresh_flows_are_refused_for_a_client_that_rotates(door: Door) -> None:
    parameters = {"REFRESH_TOKEN": begun(door)["RefreshToken"]}
    for flow in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"):
        with door.api.refused("InvalidParameterException", "not enabled"):
            door.api("InitiateAuth", ClientId=door.client, AuthFlow=flow, AuthParameters=parameters)


def test_a_client_that_stops_rotating_goes_on_with_its_newest_tokens_only(door: Door) -> None:
    old = begun(door)["RefreshToken"]
    new = refreshed(door, old)["RefreshToken"]
    door.api("UpdateUserPoolClient", UserPoolId=door.pool, ClientId=door.client)
    request = {"ClientId": door.client, "AuthFlow": "REFRESH_TOKEN_AUTH"}
    answer = door.api("InitiateAuth", **request, AuthParameters={"REFRESH_TOKEN": new})
    assert "RefreshToken" not in answer["AuthenticationResult"]
    door.api.cloud.clock.advance(10)
    with door.api.refused("NotAuthorizedException", "revoked"):
        door.api("InitiateAuth", **request, AuthParameters={"REFRESH_TOKEN": old})


def test_what_goes_with_a_user_are_its_tokens_too(door: Door) -> None:
    refresh = refreshed(door, begun(door)["RefreshToken"])["RefreshToken"]
    door.api("AdminDeleteUser", UserPoolId=door.pool, Username="ada")
    with door.api.refused("NotAuthorizedException"):
        refreshed(door, refresh)


def test_rotation_is_shown_and_cannot_be_had_with_the_older_refresh_flow_or_in_the_lite_tier(api: Api) -> None:
    pool, rotation = api.new_pool(), ROTATING["RefreshTokenRotation"]
    client = api.new_client(pool, **ROTATING)
    shown = api("DescribeUserPoolClient", UserPoolId=pool, ClientId=client)["UserPoolClient"]
    assert shown["RefreshTokenRotation"] == rotation
    with api.refused("InvalidParameterException", "ALLOW_REFRESH_TOKEN_AUTH"):
        api.new_client(pool, RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"])
    with api.refused("InvalidParameterException"):
        api.new_client(pool, RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 61})
    with api.refused("FeatureUnavailableInTierException"):
        api.new_client(api.new_pool(UserPoolTier="LITE"), RefreshTokenRotation=rotation)
    kept = api.cloud.store.get(AppClient, client)
    assert kept is not None
    assert kept.rotation_grace == 10


def test_who_has_to_choose_a_new_password_is_refused_by_the_only_name_there_is(door: Door) -> None:
    """Which codes an operation declares, the fixture checks."""
    refresh = begun(door)["RefreshToken"]
    user = door.api.context.store.find(User, pool_id=door.pool)[0]
    door.api.context.store.put(replaced(user, status="RESET_REQUIRED"))
    with door.api.refused("NotAuthorizedException"):
        refreshed(door, refresh)
