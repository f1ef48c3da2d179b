"""Identity pools are kept as they were asked for; what does not work here is refused by name, not ignored."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.identitypool.models import Identity, Login
from tests.localcloud.identitypool.conftest import CLIENT_ID, POOL_ID, PROVIDER, World, role_arn


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


GOOD: dict[str, Any] = {
    "SupportedLoginProviders": {"accounts.google.com": "id", "graph.facebook.com": "1"},
    "DeveloperProviderName": "login.example",
    "OpenIdConnectProviderARNs": ["arn:aws:iam::000000000000:oidc-provider/example.com/tenant"],
    "SamlProviderARNs": ["arn:aws:iam::000000000000:saml-provider/Example"],
}


@pytest.mark.parametrize("name", GOOD)
def test_providers_of_every_kind_are_kept_and_taken_away(world: World, name: str) -> None:
    settings: dict[str, Any] = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True}
    made = world.call("CreateIdentityPool", **settings, **{name: GOOD[name]})
    assert made[name] == GOOD[name]
    changed = world.call("UpdateIdentityPool", IdentityPoolId=made["IdentityPoolId"], **settings)
    # The developer provider stays: terraform-provider-aws#49985.
    assert changed.get(name) == (GOOD[name] if name == "DeveloperProviderName" else None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"SupportedLoginProviders": {"api.twitter.com": "key;secret"}},
        {"SupportedLoginProviders": {"www.digits.com": "key;secret"}},
        {"SupportedLoginProviders": {"accounts.google.example": "id"}},
        {"OpenIdConnectProviderARNs": ["arn:aws:iam::111122223333:oidc-provider/example.com"]},
        {"OpenIdConnectProviderARNs": ["arn:aws:iam::000000000000:oidc-provider/https://example.com"]},
        {"SamlProviderARNs": ["arn:aws:iam::000000000000:oidc-provider/example.com"]},
        {"IdentityPoolTags": {"aws:x": "y"}},
        {"IdentityPoolTags": {f"tag-{number}": "" for number in range(51)}},
    ],
)
def test_what_cannot_work_is_refused(world: World, wrong: dict[str, Any]) -> None:
    request = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True, **wrong}
    assert world.refusal("CreateIdentityPool", **request).startswith("InvalidParameterException: ")


def test_a_pool_has_fifty_user_pool_clients_at_most(world: World) -> None:
    providers = [{"ProviderName": PROVIDER, "ClientId": f"client{number}"} for number in range(51)]
    request = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True}
    refusal = world.refusal("CreateIdentityPool", **request, CognitoIdentityProviders=providers)
    assert refusal.startswith("InvalidParameterException: ")


def test_the_developer_provider_never_changes(world: World) -> None:
    world.change_pool(DeveloperProviderName="login.example")
    pool = world.call("DescribeIdentityPool", IdentityPoolId=world.pool_id)
    refusal = world.refusal("UpdateIdentityPool", **{**pool, "DeveloperProviderName": "login.other"})
    assert refusal == "InvalidParameterException: DeveloperProviderName can not be changed once it is set."
    assert world.call("UpdateIdentityPool", **pool) == pool


@pytest.mark.parametrize(
    "name",
    ["accounts.google.com", "cognito-identity.amazonaws.com", "example.com", "authenticated", "unauthenticated"],
)
def test_a_developer_provider_is_no_other_provider(world: World, name: str) -> None:
    """Attack: a backend's user `1` who would be Google's user `1` as well."""
    arn = "arn:aws:iam::000000000000:oidc-provider/example.com"
    request = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True, "DeveloperProviderName": name}
    refusal = world.refusal("CreateIdentityPool", **request, OpenIdConnectProviderARNs=[arn])
    assert refusal == "InvalidParameterException: DeveloperProviderName is the name of another login provider."


def test_no_provider_comes_under_the_developer_providers_name_later(world: World) -> None:
    world.change_pool(DeveloperProviderName="example.com")
    pool = world.call("DescribeIdentityPool", IdentityPoolId=world.pool_id)
    del pool["DeveloperProviderName"]
    arn = "arn:aws:iam::000000000000:oidc-provider/example.com"
    refusal = world.refusal("UpdateIdentityPool", **pool, OpenIdConnectProviderARNs=[arn])
    assert refusal == "InvalidParameterException: DeveloperProviderName is the name of another login provider."


def test_tags_are_added_changed_and_removed(world: World) -> None:
    arn = f"arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{world.pool_id}"
    world.call("TagResource", ResourceArn=arn, Tags={"Stage": "test", "Owner": "ada"})
    world.call("TagResource", ResourceArn=arn, Tags={"Stage": "prod"})
    assert world.call("ListTagsForResource", ResourceArn=arn) == {"Tags": {"Stage": "prod", "Owner": "ada"}}
    world.call("UntagResource", ResourceArn=arn, TagKeys=["Owner", "Nothing"])
    described = world.call("DescribeIdentityPool", IdentityPoolId=world.pool_id)
    assert described["IdentityPoolTags"] == {"Stage": "prod"}


@pytest.mark.parametrize("tags", [{"aws:x": "y"}, {f"tag-{number}": "" for number in range(50)}])
def test_too_many_tags_and_awss_own_are_refused(world: World, tags: dict[str, str]) -> None:
    arn = f"arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{world.pool_id}"
    world.call("TagResource", ResourceArn=arn, Tags={"Stage": "test"})
    assert world.refusal("TagResource", ResourceArn=arn, Tags=tags).startswith("InvalidParameterException: ")
    assert world.call("ListTagsForResource", ResourceArn=arn) == {"Tags": {"Stage": "test"}}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:cognito-identity:us-east-1:111122223333:identitypool/{pool}",
        "arn:aws:cognito-identity:eu-west-1:000000000000:identitypool/{pool}",
        "arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool}",
        "arn:aws:cognito-identity:us-east-1:000000000000:identitypool/us-east-1:00000000-0000-4000-8000-000000000000",
    ],
)
def test_the_arn_of_another_thing_has_no_tags(world: World, arn: str) -> None:
    refusal = world.refusal("ListTagsForResource", ResourceArn=arn.format(pool=world.pool_id))
    assert refusal.startswith("ResourceNotFoundException: ")


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
        ("GetPrincipalTagAttributeMap", {"IdentityProviderName": PROVIDER}),
        ("SetPrincipalTagAttributeMap", {"IdentityProviderName": PROVIDER}),
        ("GetOpenIdTokenForDeveloperIdentity", {"Logins": {"login.example": "ada"}}),
        ("LookupDeveloperIdentity", {"DeveloperUserIdentifier": "ada"}),
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
