"""The CloudFormation types make pools as the template says, and find them again after the engine forgot its stack."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws.resources import (
    identity_pool,
    identity_pool_principal_tag,
    identity_pool_role_attachment,
)
from localcloud.errors import AwsError
from tests.localcloud.identitypool.conftest import CLIENT_ID, PROVIDER, World, role_arn

PROPERTIES: dict[str, Any] = {
    "IdentityPoolName": "gatehouse-local",
    "AllowUnauthenticatedIdentities": "true",
    "AllowClassicFlow": False,
    "CognitoIdentityProviders": [
        {"ClientId": CLIENT_ID, "ProviderName": PROVIDER, "ServerSideTokenCheck": "true"},
    ],
    "DeveloperProviderName": "login.example",
    "SupportedLoginProviders": {"accounts.google.com": "id"},
    "OpenIdConnectProviderARNs": ["arn:aws:iam::000000000000:oidc-provider/example.com"],
    "SamlProviderARNs": ["arn:aws:iam::000000000000:saml-provider/Example"],
    "IdentityPoolTags": [{"Key": "Stage", "Value": "local"}],
}


def make(world: World, physical_id: str | None = None, **changes: Any) -> str:
    """The physical id of a pool made as the template does."""
    properties = {name: value for name, value in {**PROPERTIES, **changes}.items() if value is not None}
    return identity_pool.create(world.ctx, properties, "IdentityPool", "gatehouse", physical_id)[0]


def test_every_property_arrives(world: World) -> None:
    pool_id, attributes = identity_pool.create(world.ctx, PROPERTIES, "IdentityPool", "gatehouse", None)
    assert attributes == {"Id": pool_id, "Name": "gatehouse-local"}
    assert world.call("DescribeIdentityPool", IdentityPoolId=pool_id) == {
        "IdentityPoolId": pool_id,
        "IdentityPoolName": "gatehouse-local",
        "AllowUnauthenticatedIdentities": True,
        "AllowClassicFlow": False,
        "CognitoIdentityProviders": [
            {"ProviderName": PROVIDER, "ClientId": CLIENT_ID, "ServerSideTokenCheck": True},
        ],
        "DeveloperProviderName": "login.example",
        "SupportedLoginProviders": {"accounts.google.com": "id"},
        "OpenIdConnectProviderARNs": ["arn:aws:iam::000000000000:oidc-provider/example.com"],
        "SamlProviderARNs": ["arn:aws:iam::000000000000:saml-provider/Example"],
        "IdentityPoolTags": {"Stage": "local"},
    }


def test_a_pool_without_a_name_is_called_after_its_stack(world: World) -> None:
    pool_id = make(world, IdentityPoolName=None)
    assert world.call("DescribeIdentityPool", IdentityPoolId=pool_id)["IdentityPoolName"] == "gatehouse-IdentityPool"


def test_a_known_pool_is_taken_up_again_with_its_identities(world: World) -> None:
    pool_id = make(world)
    identity_id = world.call("GetId", IdentityPoolId=pool_id)["IdentityId"]
    assert make(world, pool_id, IdentityPoolName="renamed") == pool_id
    assert world.call("DescribeIdentityPool", IdentityPoolId=pool_id)["IdentityPoolName"] == "renamed"
    assert world.call("DescribeIdentity", IdentityId=identity_id)


def test_a_pool_that_was_lost_gets_its_id_back(world: World) -> None:
    pool_id = make(world)
    world.call("DeleteIdentityPool", IdentityPoolId=pool_id)
    assert make(world, pool_id) == pool_id


def test_an_update_changes_the_settings_in_place(world: World) -> None:
    pool_id = make(world)
    new = {**PROPERTIES, "AllowUnauthenticatedIdentities": "false"}
    assert identity_pool.update(world.ctx, pool_id, PROPERTIES, new)[0] == pool_id
    assert world.refusal("GetId", IdentityPoolId=pool_id).startswith("NotAuthorizedException: ")


def test_delete_may_come_twice(world: World) -> None:
    pool_id = make(world)
    for _ in range(2):
        identity_pool.delete(world.ctx, pool_id, PROPERTIES)
        identity_pool_role_attachment.delete(world.ctx, f"{pool_id}/roles", {})
    assert world.refusal("DescribeIdentityPool", IdentityPoolId=pool_id).startswith("ResourceNotFoundException: ")


@pytest.mark.parametrize("name", ["CognitoEvents", "PushSync", "AllowUnauthenticatedIdentitys"])
def test_an_unknown_property_is_refused_by_type_and_name(world: World, name: str) -> None:
    with pytest.raises(ValueError, match=rf"AWS::Cognito::IdentityPool.*`{name}`"):
        make(world, **{name: "x"})


def test_a_misspelt_check_is_refused(world: World) -> None:
    provider = {"ClientId": CLIENT_ID, "ProviderName": PROVIDER, "ServerSideTokenChek": True}
    with pytest.raises(ValueError, match=r"CognitoIdentityProviders\.ServerSideTokenChek"):
        make(world, CognitoIdentityProviders=[provider])


def test_a_boolean_that_is_none_is_refused(world: World) -> None:
    provider = {"ClientId": CLIENT_ID, "ProviderName": PROVIDER, "ServerSideTokenCheck": "ture"}
    with pytest.raises(AwsError, match=r"`CognitoIdentityProviders\.ServerSideTokenCheck`: `ture`"):
        make(world, CognitoIdentityProviders=[provider])


def test_the_model_validates_properties_too(world: World) -> None:
    with pytest.raises(AwsError, match="allowUnauthenticatedIdentities"):
        make(world, AllowUnauthenticatedIdentities=None)


def test_an_attachment_sets_replaces_and_removes_roles(world: World) -> None:
    pool_id = make(world)
    both = {kind: role_arn(kind) for kind in ("authenticated", "unauthenticated")}
    properties = {"IdentityPoolId": pool_id, "Roles": both}
    made = identity_pool_role_attachment.create(world.ctx, properties, "Roles", "gatehouse", None)
    attachment_id, attributes = made
    assert attachment_id == attributes["Id"] != pool_id
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=pool_id)["Roles"] == both
    fewer = {**properties, "Roles": {"authenticated": role_arn("authenticated")}}
    assert identity_pool_role_attachment.update(world.ctx, attachment_id, properties, fewer)[0] == attachment_id
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=pool_id)["Roles"] == fewer["Roles"]
    identity_pool_role_attachment.delete(world.ctx, attachment_id, fewer)
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=pool_id)["Roles"] == {}


MAPPING: dict[str, Any] = {
    "Type": "Rules",
    "AmbiguousRoleResolution": "Deny",
    "RulesConfiguration": {
        "Rules": [{"Claim": "plan", "MatchType": "Equals", "Value": "gold", "RoleARN": role_arn("gold")}]
    },
}
KEY = f"{PROVIDER}:{CLIENT_ID}"


@pytest.mark.parametrize("mappings", [{KEY: MAPPING}, {"UserPool": {**MAPPING, "IdentityProvider": KEY}}])
def test_an_attachment_maps_roles_by_key_or_by_provider(world: World, mappings: dict[str, Any]) -> None:
    pool_id = make(world)
    properties = {"IdentityPoolId": pool_id, "RoleMappings": mappings}
    attachment_id, _ = identity_pool_role_attachment.create(world.ctx, properties, "Roles", "gatehouse", None)
    assert world.call("GetIdentityPoolRoles", IdentityPoolId=pool_id)["RoleMappings"] == {KEY: MAPPING}
    identity_pool_role_attachment.delete(world.ctx, attachment_id, properties)
    assert "RoleMappings" not in world.call("GetIdentityPoolRoles", IdentityPoolId=pool_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Roles": {"Authenticated": role_arn("authenticated")}},
        {"Role": {}},
        {"RoleMappings": {KEY: {**MAPPING, "AmbigousRoleResolution": "Deny"}}},
        {"RoleMappings": {KEY: {**MAPPING, "RulesConfiguration": {"Rule": []}}}},
        {"RoleMappings": {KEY: MAPPING, "Again": {**MAPPING, "IdentityProvider": KEY}}},
    ],
)
def test_an_attachment_refuses_what_it_does_not_know(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"AWS::Cognito::IdentityPoolRoleAttachment"):
        identity_pool_role_attachment.create(world.ctx, {"IdentityPoolId": make(world), **wrong}, "Roles", "stack")


def test_a_principal_tag_map_is_set_moved_and_removed(world: World) -> None:
    pool_id = make(world)
    properties = {"IdentityPoolId": pool_id, "IdentityProviderName": PROVIDER, "PrincipalTags": {"plan": "custom:plan"}}
    map_id, _ = identity_pool_principal_tag.create(world.ctx, properties, "Tags", "gatehouse", None)
    assert map_id == f"{pool_id}|{PROVIDER}"
    asked = {"IdentityPoolId": pool_id, "IdentityProviderName": PROVIDER}
    tags = world.call("GetPrincipalTagAttributeMap", **asked)
    assert (tags["UseDefaults"], tags["PrincipalTags"]) == (False, {"plan": "custom:plan"})
    google = {"IdentityPoolId": pool_id, "IdentityProviderName": "accounts.google.com", "UseDefaults": "true"}
    moved_id, _ = identity_pool_principal_tag.update(world.ctx, map_id, properties, google)
    assert moved_id == f"{pool_id}|accounts.google.com"
    for _ in range(2):
        identity_pool_principal_tag.delete(world.ctx, map_id, properties)
    assert world.call("GetPrincipalTagAttributeMap", **asked)["PrincipalTags"] == {}


@pytest.mark.parametrize("name", ["UseDefault", "Tags"])
def test_a_principal_tag_map_refuses_what_it_does_not_know(world: World, name: str) -> None:
    properties = {"IdentityPoolId": make(world), "IdentityProviderName": PROVIDER, name: True}
    with pytest.raises(ValueError, match=rf"AWS::Cognito::IdentityPoolPrincipalTag.*`{name}`"):
        identity_pool_principal_tag.create(world.ctx, properties, "Tags", "gatehouse", None)
