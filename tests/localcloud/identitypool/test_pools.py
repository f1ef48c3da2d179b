"""Identity pools are kept as they were asked for; what does not work here is refused by name, not ignored."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.identitypool.models import Identity, Login
from tests.localcloud.identitypool.conftest import CLIENT_ID, POOL_ID, PROVIDER, World, role_arn

ARN = "arn:aws:iam::000000000000:oidc-provider/example.com"


def test_a_pool_is_described_as_it_was_made(world: World) -> None:
    request = {
        "IdentityPoolName": "second",
        "AllowUnauthenticatedIdentities": False,
        "AllowClassicFlow": False,
        "CognitoIdentityProviders": [
            {"ProviderName": PROVIDER, "ClientId": CLIENT_ID, "ServerSideTokenCheck": True},
        ],
        "IdentityPoolTags": {"Stage": "test"},
    }
    made = world.call("CreateIdentityPool", **request)
    assert made == {"IdentityPoolId": made["IdentityPoolId"], **request}
    assert world.call("DescribeIdentityPool", IdentityPoolId=made["IdentityPoolId"]) == made


def test_an_update_resets_what_it_leaves_out_and_keeps_the_roles(world: World) -> None:
    roles = world.call("GetIdentityPoolRoles", IdentityPoolId=world.pool_id)
    request = {"IdentityPoolId": world.pool_id, "IdentityPoolName": "new", "AllowUnauthenticatedIdentities": False}
    assert world.call("UpdateIdentityPool", **request) == request
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=world.pool_id) == roles
    assert roles["Roles"] == {kind: role_arn(kind) for kind in ("authenticated", "unauthenticated")}


UNSUPPORTED: dict[str, Any] = {
    "SupportedLoginProviders": {"accounts.google.com": "id"},
    "DeveloperProviderName": "login.example",
    "OpenIdConnectProviderARNs": [ARN],
    "SamlProviderARNs": [ARN],
}


@pytest.mark.parametrize("name", UNSUPPORTED)
@pytest.mark.parametrize("operation", ["CreateIdentityPool", "UpdateIdentityPool"])
def test_providers_of_another_kind_are_refused_by_name(world: World, operation: str, name: str) -> None:
    request = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True, name: UNSUPPORTED[name]}
    if operation == "UpdateIdentityPool":
        request["IdentityPoolId"] = world.pool_id
    refusal = f"InvalidParameterException: {name} is not supported by the local cloud."
    assert world.refusal(operation, **request) == refusal


@pytest.mark.parametrize(
    "provider",
    [
        {"ProviderName": PROVIDER},
        {"ClientId": CLIENT_ID},
        {"ProviderName": "login.example", "ClientId": CLIENT_ID},
        {"ProviderName": f"cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}", "ClientId": CLIENT_ID},
        {"ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{POOL_ID}/x", "ClientId": CLIENT_ID},
    ],
)
def test_a_provider_that_is_no_user_pool_client_is_refused(world: World, provider: dict[str, str]) -> None:
    request = {
        "IdentityPoolName": "app",
        "AllowUnauthenticatedIdentities": True,
        "CognitoIdentityProviders": [provider],
    }
    assert world.refusal("CreateIdentityPool", **request).startswith("InvalidParameterException: Invalid Cognito")


def test_role_mappings_are_refused_by_name(world: World) -> None:
    mappings = {f"{PROVIDER}:{CLIENT_ID}": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}
    refusal = world.refusal("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles={}, RoleMappings=mappings)
    assert refusal == "InvalidParameterException: RoleMappings is not supported by the local cloud."


def test_deleting_a_pool_deletes_its_identities(world: World) -> None:
    world.get_id("ann")
    world.call("DeleteIdentityPool", IdentityPoolId=world.pool_id)
    assert world.ctx.store.count(Identity) == world.ctx.store.count(Login) == 0


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("DescribeIdentityPool", {}),
        ("DeleteIdentityPool", {}),
        ("UpdateIdentityPool", {"IdentityPoolName": "x", "AllowUnauthenticatedIdentities": True}),
        ("GetIdentityPoolRoles", {}),
        ("SetIdentityPoolRoles", {"Roles": {}}),
        ("ListIdentities", {"MaxResults": 1}),
        ("GetId", {}),
    ],
)
def test_an_unknown_pool_is_not_found(world: World, operation: str, request_: dict[str, Any]) -> None:
    unknown = "us-east-1:00000000-0000-4000-8000-000000000000"
    refusal = world.refusal(operation, IdentityPoolId=unknown, **request_)
    assert refusal == f"ResourceNotFoundException: IdentityPool '{unknown}' not found."


def test_pools_are_listed_in_pages(world: World) -> None:
    for name in ("second", "third"):
        world.call("CreateIdentityPool", IdentityPoolName=name, AllowUnauthenticatedIdentities=False)
    first = world.call("ListIdentityPools", MaxResults=2)
    last = world.call("ListIdentityPools", MaxResults=2, NextToken=first["NextToken"])
    names = [pool["IdentityPoolName"] for pool in (*first["IdentityPools"], *last["IdentityPools"])]
    assert sorted(names) == ["app", "second", "third"]
    assert "NextToken" not in last
