"""App clients: defaults, token validity, attribute permissions, what an update resets, secrets, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.localcloud.userpool.conftest import Api


def describe(api: Api, pool: str, client: str) -> dict[str, Any]:
    shown: dict[str, Any] = api("DescribeUserPoolClient", UserPoolId=pool, ClientId=client)["UserPoolClient"]
    return shown


def test_a_new_client_is_public_and_has_the_defaults_of_aws(api: Api, pool: str) -> None:
    client = api("CreateUserPoolClient", UserPoolId=pool, ClientName="app")["UserPoolClient"]
    assert re.fullmatch("[0-9a-z]{26}", client["ClientId"])
    assert "ClientSecret" not in client
    assert client["RefreshTokenValidity"] == 30
    assert client["AuthSessionValidity"] == 3
    assert client["EnableTokenRevocation"] is True
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert "ExplicitAuthFlows" not in client
    assert describe(api, pool, client["ClientId"]) == client


def test_a_secret_is_generated_or_given(api: Api, pool: str) -> None:
    made = describe(api, pool, api.new_client(pool, GenerateSecret=True))
    assert re.fullmatch("[0-9a-z]{51,}", made["ClientSecret"])
    own = "a" * 40
    assert describe(api, pool, api.new_client(pool, ClientSecret=own))["ClientSecret"] == own
    with api.refused("InvalidParameterException", "GenerateSecret"):
        api.new_client(pool, ClientSecret=own, GenerateSecret=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"AccessTokenValidity": 25},
        {"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "days"}},
        {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        {"RefreshTokenValidity": 3651},
        {"RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}, "AccessTokenValidity": 3},
    ],
)
def test_tokens_live_between_five_minutes_and_a_day_and_no_longer_than_the_refresh_token(
    api: Api, pool: str, settings: dict[str, Any]
) -> None:
    with api.refused("InvalidParameterException", "Invalid range for token validity."):
        api.new_client(pool, **settings)


def test_the_bounds_of_validity_are_allowed(api: Api, pool: str) -> None:
    units = {"AccessToken": "minutes", "IdToken": "days", "RefreshToken": "days"}
    api.new_client(pool, AccessTokenValidity=5, IdTokenValidity=1, RefreshTokenValidity=3650, TokenValidityUnits=units)


def test_a_refresh_token_validity_of_zero_means_thirty_days(api: Api, pool: str) -> None:
    shown = describe(
        api, pool, api.new_client(pool, RefreshTokenValidity=0, TokenValidityUnits={"RefreshToken": "hours"})
    )
    assert (shown["RefreshTokenValidity"], shown["TokenValidityUnits"]["RefreshToken"]) == (30, "days")


def test_attributes_of_a_client_are_those_of_the_schema(api: Api) -> None:
    pool = api.new_pool(
        Schema=[
            {"Name": "email", "Required": True},
            {"Name": "plan", "AttributeDataType": "String"},
            {"Name": "secret", "DeveloperOnlyAttribute": True},
        ]
    )
    client = api.new_client(
        pool, ReadAttributes=["email", "email_verified", "custom:plan"], WriteAttributes=["email", "custom:plan"]
    )
    for wrong in ("plan", "custom:none", "dev:custom:secret"):
        with api.refused("InvalidParameterException", "Invalid read attributes specified while creating a client"):
            api.new_client(pool, ReadAttributes=[wrong])
        with api.refused("InvalidParameterException", "Invalid write attributes specified while updating a client"):
            api("UpdateUserPoolClient", UserPoolId=pool, ClientId=client, WriteAttributes=["email", wrong])
    with api.refused("InvalidParameterException", "Invalid write attributes"):
        api.new_client(pool, WriteAttributes=["name"])


@pytest.mark.parametrize("name", ["sub", "email_verified", "phone_number_verified"])
def test_no_client_may_write_what_only_a_verification_decides(api: Api, pool: str, name: str) -> None:
    with api.refused("InvalidParameterException", "Invalid write attributes"):
        api.new_client(pool, WriteAttributes=["email", name])


def test_an_update_resets_what_it_does_not_name(api: Api, pool: str) -> None:
    client = api.new_client(
        pool,
        GenerateSecret=True,
        AccessTokenValidity=2,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        PreventUserExistenceErrors="ENABLED",
    )
    before = describe(api, pool, client)
    after = api("UpdateUserPoolClient", UserPoolId=pool, ClientId=client, AuthSessionValidity=5)["UserPoolClient"]
    assert describe(api, pool, client) == after
    assert after["AuthSessionValidity"] == 5
    assert after["ClientName"] == "app"
    assert after["ClientSecret"] == before["ClientSecret"]
    assert not {"AccessTokenValidity", "ExplicitAuthFlows", "PreventUserExistenceErrors"} & set(after)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"AnalyticsConfiguration": {"ApplicationId": "ab12"}}, "AnalyticsConfiguration"),
    ],
)
def test_what_the_local_cloud_does_not_honour_is_refused_by_name(
    api: Api, pool: str, settings: dict[str, Any], name: str
) -> None:
    with api.refused("InvalidParameterException", f"`{name}` is not supported by the local cloud."):
        api.new_client(pool, **settings)


def test_settings_that_turn_such_a_thing_off_are_taken(api: Api, pool: str) -> None:
    api.new_client(
        pool,
        CallbackURLs=[],
        AllowedOAuthFlowsUserPoolClient=False,
        SupportedIdentityProviders=["COGNITO"],
        RefreshTokenRotation={"Feature": "DISABLED"},
    )


def test_old_and_new_names_of_flows_do_not_mix(api: Api, pool: str) -> None:
    api.new_client(pool, ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"])
    with api.refused("InvalidParameterException", "ALLOW_"):
        api.new_client(pool, ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"])


def test_a_client_is_found_in_its_own_pool_only(api: Api, pool: str) -> None:
    client, other = api.new_client(pool), api.new_pool()
    for operation in ("DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"):
        with api.refused("ResourceNotFoundException", f"User pool client {client} does not exist."):
            api(operation, UserPoolId=other, ClientId=client)
    api("DeleteUserPoolClient", UserPoolId=pool, ClientId=client)
    with api.refused("ResourceNotFoundException"):
        describe(api, pool, client)


def test_clients_are_listed_in_pages_and_without_their_secrets(api: Api, pool: str) -> None:
    ids = {api.new_client(pool, GenerateSecret=True) for _ in range(3)}
    api.new_client(api.new_pool())
    first = api("ListUserPoolClients", UserPoolId=pool, MaxResults=2)
    rest = api("ListUserPoolClients", UserPoolId=pool, MaxResults=2, NextToken=first["NextToken"])
    shown = first["UserPoolClients"] + rest["UserPoolClients"]
    assert "NextToken" not in rest
    assert [client["ClientId"] for client in shown] == sorted(ids)
    assert all(set(client) == {"ClientId", "UserPoolId", "ClientName"} for client in shown)
