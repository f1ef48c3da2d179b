"""CloudFormation's Cognito types over the user pool operations: made, changed, replaced, deleted, taken up again."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from localcloud.aws.own_types import OwnType
from localcloud.aws.properties import unsupported
from localcloud.aws.resources import (
    cognito_user_pool,
    cognito_user_pool_client,
    cognito_user_pool_domain,
    cognito_user_pool_group,
)
from localcloud.aws.resources.cognito_calls import call
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient, Domain, Group, UserPool

TYPES = (cognito_user_pool, cognito_user_pool_client, cognito_user_pool_domain, cognito_user_pool_group)
POOL: dict[str, Any] = {
    "UserPoolName": "people",
    "DeletionProtection": "INACTIVE",
    "UsernameAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": "false"},
    "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": "true", "Mutable": True}],
    "Policies": {"PasswordPolicy": {"MinimumLength": "10", "RequireSymbols": False}},
    "MfaConfiguration": "OPTIONAL",
    "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": "true"},
    "UserPoolTags": {"Project": "gatehouse", "Stage": 1},
}


@pytest.fixture
def pool(ctx: Context) -> str:
    return cognito_user_pool.create(ctx, POOL, "Pool", "stack")[0]


def config(ctx: Context, pool_id: str) -> dict[str, Any]:
    pool = ctx.store.get(UserPool, pool_id)
    assert pool is not None
    return pool.config


def test_a_pool_is_made_with_all_that_the_template_says(ctx: Context, pool: str) -> None:
    made = config(ctx, pool)
    assert made["PoolName"] == "people"
    assert made["UsernameConfiguration"] == {"CaseSensitive": False}
    assert made["Policies"]["PasswordPolicy"]["MinimumLength"] == 10
    assert made["DeviceConfiguration"]["DeviceOnlyRememberedOnUserPrompt"] is True
    assert made["UserPoolTags"] == {"Project": "gatehouse", "Stage": "1"}
    assert call(ctx, "GetUserPoolMfaConfig", {"UserPoolId": pool}) == {
        "MfaConfiguration": "OPTIONAL",
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
    }
    email = next(entry for entry in made["SchemaAttributes"] if entry["Name"] == "email")
    assert email["Required"] is True


def test_a_pool_tells_its_names(ctx: Context) -> None:
    pool, attributes = cognito_user_pool.create(ctx, {}, "Pool", "stack")
    assert config(ctx, pool)["PoolName"] == "stack-Pool"
    assert attributes == {
        "Arn": f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool}",
        "ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{pool}",
        "ProviderURL": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
        "UserPoolId": pool,
    }


def test_an_updated_pool_keeps_its_id_its_mfa_and_what_it_has_for_life(ctx: Context, pool: str) -> None:
    new = {
        **POOL,
        "UserPoolName": "others",
        "Schema": [*POOL["Schema"], {"Name": "plan", "AttributeDataType": "String"}],
    }
    del new["UserPoolTags"]
    assert cognito_user_pool.update(ctx, pool, POOL, new)[0] == pool
    after = config(ctx, pool)
    assert (after["PoolName"], after["UserPoolTags"], after["MfaConfiguration"]) == ("others", {}, "OPTIONAL")
    assert after["UsernameAttributes"] == ["email"]
    assert [entry["Name"] for entry in after["SchemaAttributes"]][-1] == "custom:plan"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UsernameAttributes", ["phone_number"]),
        ("UsernameConfiguration", {"CaseSensitive": True}),
        ("Schema", [{"Name": "email", "Required": False}]),
    ],
)
def test_what_a_pool_has_for_life_is_refused_by_name_and_nothing_changes(
    ctx: Context, pool: str, name: str, value: Any
) -> None:
    before = config(ctx, pool)
    with pytest.raises(ValueError, match=f"AWS::Cognito::UserPool: property `{name}`"):
        cognito_user_pool.update(ctx, pool, POOL, {**POOL, "UserPoolName": "others", name: value})
    assert config(ctx, pool) == before


def test_a_schema_attribute_cannot_be_dropped(ctx: Context) -> None:
    old = {"Schema": [{"Name": "plan"}, {"Name": "city"}]}
    pool = cognito_user_pool.create(ctx, old, "Pool", "stack")[0]
    with pytest.raises(ValueError, match="Existing schema attributes cannot be modified or deleted"):
        cognito_user_pool.update(ctx, pool, old, {"Schema": [{"Name": "plan"}]})


def test_an_update_that_fails_half_way_leaves_mfa_on(ctx: Context, pool: str) -> None:
    before = config(ctx, pool)
    with pytest.raises(AwsError, match="can't turn off MFA"):
        cognito_user_pool.update(ctx, pool, POOL, {**POOL, "UserPoolName": "others", "MfaConfiguration": "OFF"})
    assert config(ctx, pool) == before


def test_a_pool_takes_passkeys_as_long_as_its_template_says_so(ctx: Context) -> None:
    old = {
        "MfaConfiguration": "ON",
        "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        "WebAuthnRelyingPartyID": "example.com",
        "WebAuthnUserVerification": "required",
        "WebAuthnFactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    pool = cognito_user_pool.create(ctx, old, "Pool", "stack")[0]
    assert config(ctx, pool)["WebAuthnConfiguration"] == {
        "RelyingPartyId": "example.com",
        "UserVerification": "required",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    cognito_user_pool.update(ctx, pool, old, {"WebAuthnRelyingPartyID": "example.com"})
    assert config(ctx, pool)["WebAuthnConfiguration"]["FactorConfiguration"] == "SINGLE_FACTOR"
    cognito_user_pool.update(ctx, pool, {"WebAuthnRelyingPartyID": "example.com"}, {})
    assert "WebAuthnConfiguration" not in config(ctx, pool)


def test_mfa_without_a_factor_is_refused_as_on_aws(ctx: Context) -> None:
    with pytest.raises(AwsError, match="SMS configuration"):
        cognito_user_pool.create(ctx, {"MfaConfiguration": "ON"}, "Pool", "stack")
    assert ctx.store.count(UserPool) == 0


def test_a_protected_pool_stays_and_one_that_is_gone_is_no_error(ctx: Context, pool: str) -> None:
    cognito_user_pool.update(ctx, pool, POOL, {**POOL, "DeletionProtection": "ACTIVE"})
    with pytest.raises(AwsError, match="deletion protection"):
        cognito_user_pool.delete(ctx, pool, POOL)
    cognito_user_pool.update(ctx, pool, POOL, POOL)
    cognito_user_pool.delete(ctx, pool, POOL)
    cognito_user_pool.delete(ctx, pool, POOL)


@pytest.mark.parametrize(
    ("resource_type", "properties", "message"),
    [
        (cognito_user_pool, {"Misspelt": 1}, "AWS::Cognito::UserPool: property `Misspelt`"),
        (
            cognito_user_pool,
            {"Policies": {"PasswordPolicy": {"Length": 8}}},
            "property `Policies.PasswordPolicy.Length`",
        ),
        (cognito_user_pool, {"EnabledMfas": ["WEB_AUTHN"]}, "property `EnabledMfas`: WEB_AUTHN"),
        (cognito_user_pool, {"WebAuthnOrigin": "x"}, "property `WebAuthnOrigin`"),
        (cognito_user_pool_client, {"Secret": True}, "AWS::Cognito::UserPoolClient: property `Secret`"),
        (cognito_user_pool_domain, {"Name": "x"}, "AWS::Cognito::UserPoolDomain: property `Name`"),
        (cognito_user_pool_group, {"Role": "x"}, "AWS::Cognito::UserPoolGroup: property `Role`"),
    ],
)
def test_an_unknown_property_is_refused_by_type_and_name(
    ctx: Context, resource_type: ModuleType, properties: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        resource_type.create(ctx, properties, "It", "stack")
    top = next(iter(properties))
    shown = {"It": {"Type": resource_type.TYPE, "Properties": properties}}
    (problem,) = unsupported(shown, {}, {resource_type.TYPE: resource_type.PROPERTIES})
    assert f"`{top}" in problem


def test_a_setting_that_turns_something_off_passes_the_check_of_the_template_in_any_spelling() -> None:
    types = {module.TYPE: module.PROPERTIES for module in TYPES}
    resources: dict[str, Any] = {
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 0}}},
        },
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": "x", "AllowedOAuthFlowsUserPoolClient": False, "CallbackURLs": []},
        },
        "Domain": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {"ManagedLoginVersion": 1}},
    }
    assert unsupported(resources, {}, types) == []
    resources["Client"]["Properties"]["AllowedOAuthFlows"] = ["password"]
    (problem,) = unsupported(resources, {}, types)
    assert "AllowedOAuthFlows" in problem


def test_a_client_is_made_and_changed_in_place(ctx: Context, pool: str) -> None:
    properties = {
        "UserPoolId": pool,
        "GenerateSecret": "true",
        "AccessTokenValidity": "60",
        "TokenValidityUnits": {"AccessToken": "minutes"},
        "EnableTokenRevocation": "false",
    }
    client, attributes = cognito_user_pool_client.create(ctx, properties, "App", "stack")
    kept = ctx.store.get(AppClient, client)
    assert kept is not None
    assert attributes == {"ClientId": client, "Name": "stack-App", "ClientSecret": next(iter(kept.secrets.values()))}
    assert kept.validity("AccessToken") == 3600
    assert kept.config["EnableTokenRevocation"] is False
    new = {**properties, "AuthSessionValidity": 5}
    assert cognito_user_pool_client.update(ctx, client, properties, new) == (client, attributes)


@pytest.mark.parametrize("change", [{"GenerateSecret": True}, {"UserPoolId": "other"}])
def test_another_secret_or_pool_needs_another_client(ctx: Context, pool: str, change: dict[str, Any]) -> None:
    old = {"UserPoolId": pool, "GenerateSecret": False}
    other = cognito_user_pool.create(ctx, {}, "Other", "stack")[0]
    new = {**old, **{name: other if value == "other" else value for name, value in change.items()}}
    client = cognito_user_pool_client.create(ctx, old, "App", "stack")[0]
    replacement, attributes = cognito_user_pool_client.update(ctx, client, old, new)
    assert replacement != client
    assert attributes["Name"] == "stack-App"
    cognito_user_pool_client.delete(ctx, client, old)
    assert [kept.id for kept in ctx.store.find(AppClient)] == [replacement]


def test_a_domain_moves_though_a_pool_has_one_at_most(ctx: Context, pool: str) -> None:
    old, new = {"UserPoolId": pool, "Domain": "gate-1"}, {"UserPoolId": pool, "Domain": "gate-2"}
    assert cognito_user_pool_domain.create(ctx, old, "Domain", "stack") == ("gate-1", {})
    assert cognito_user_pool_domain.update(ctx, "gate-1", old, new) == ("gate-2", {})
    cognito_user_pool_domain.delete(ctx, "gate-1", old)
    assert [domain.domain for domain in ctx.store.find(Domain)] == ["gate-2"]
    with pytest.raises(AwsError, match="reserved word"):
        cognito_user_pool_domain.update(ctx, "gate-2", new, {**new, "Domain": "my-aws"})
    assert [domain.domain for domain in ctx.store.find(Domain)] == ["gate-2"]


def test_a_group_is_changed_in_place_and_replaced_under_another_name(ctx: Context, pool: str) -> None:
    old: dict[str, Any] = {"UserPoolId": pool, "GroupName": "admins", "Description": "All", "Precedence": "3"}
    assert cognito_user_pool_group.create(ctx, old, "Admins", "stack") == ("admins", {})
    new = {"UserPoolId": pool, "GroupName": "admins", "Precedence": 4}
    cognito_user_pool_group.update(ctx, "admins", old, new)
    group = ctx.store.get(Group, pool, "admins")
    assert group is not None
    assert (group.description, group.precedence) == ("", 4)
    assert cognito_user_pool_group.update(ctx, "admins", new, {**new, "GroupName": "chiefs"})[0] == "chiefs"
    cognito_user_pool_group.delete(ctx, "admins", new)
    cognito_user_pool_group.delete(ctx, "admins", new)
    assert [group.name for group in ctx.store.find(Group)] == ["chiefs"]


def test_what_an_earlier_run_made_is_taken_up_again_and_brought_up_to_date(cognito_cloud: Cloud) -> None:
    def deploy(stack: str, name: str) -> list[str]:
        pool, _ = OwnType(cognito_cloud, cognito_user_pool).create("Pool", {**POOL, "UserPoolName": name}, stack)
        dependents: list[tuple[ModuleType, dict[str, Any]]] = [
            (cognito_user_pool_client, {"GenerateSecret": True, "ClientName": name}),
            (cognito_user_pool_domain, {"Domain": f"gate-{stack}"}),
            (cognito_user_pool_group, {"GroupName": "admins", "Description": name}),
        ]
        ids = [
            OwnType(cognito_cloud, module).create(module.__name__, {"UserPoolId": pool, **properties}, stack)[0]
            for module, properties in dependents
        ]
        return [pool, *ids]

    first = deploy("one", "before")
    assert deploy("one", "after") == first
    assert config(Context(cognito_cloud), first[0])["PoolName"] == "after"
    group = cognito_cloud.store.get(Group, first[0], "admins")
    assert group is not None
    assert group.description == "after"
    assert deploy("two", "other")[0] != first[0]


def test_what_somebody_else_made_is_not_taken_up(ctx: Context, pool: str) -> None:
    call(ctx, "CreateGroup", {"UserPoolId": pool, "GroupName": "admins"})
    call(ctx, "CreateUserPoolDomain", {"UserPoolId": pool, "Domain": "gate-1"})
    with pytest.raises(AwsError, match="GroupExistsException"):
        cognito_user_pool_group.create(ctx, {"UserPoolId": pool, "GroupName": "admins"}, "Admins", "stack")
    with pytest.raises(AwsError, match="already"):
        cognito_user_pool_domain.create(ctx, {"UserPoolId": pool, "Domain": "gate-1"}, "Domain", "stack")
