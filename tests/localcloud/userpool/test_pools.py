"""User pools: AWS's defaults, what an update resets, what is refused, MFA, the schema, domains, tags, deletion."""

from __future__ import annotations

import re
from typing import Any

import pytest

from localcloud.userpool.models import KINDS
from tests.localcloud.userpool.conftest import START, Api

ARN = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
FULL_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}


def describe(api: Api, pool: str) -> dict[str, Any]:
    shown: dict[str, Any] = api("DescribeUserPool", UserPoolId=pool)["UserPool"]
    return shown


def attribute(api: Api, pool: str, name: str) -> dict[str, Any] | None:
    return next((a for a in describe(api, pool)["SchemaAttributes"] if a["Name"] == name), None)


def test_a_new_pool_has_the_defaults_of_aws(api: Api) -> None:
    pool = api("CreateUserPool", PoolName="people")["UserPool"]
    assert re.fullmatch(r"us-east-1_[0-9A-Za-z]{9}", pool["Id"])
    assert pool["Arn"] == f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool['Id']}"
    assert pool["Name"] == "people"
    assert pool["CreationDate"] == pool["LastModifiedDate"] == START
    assert pool["Policies"]["PasswordPolicy"] == FULL_POLICY
    assert pool["Policies"]["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD"]}
    assert pool["MfaConfiguration"] == "OFF"
    assert pool["DeletionProtection"] == "INACTIVE"
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert pool["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7}
    assert pool["VerificationMessageTemplate"] == {"DefaultEmailOption": "CONFIRM_WITH_CODE"}
    assert pool["EstimatedNumberOfUsers"] == 0
    assert "UsernameConfiguration" not in pool
    assert "DeviceConfiguration" not in pool
    assert describe(api, pool["Id"]) == pool


def test_the_standard_schema_is_complete(api: Api, pool: str) -> None:
    schema = {entry["Name"]: entry for entry in describe(api, pool)["SchemaAttributes"]}
    assert len(schema) == 20
    assert schema["sub"] == {
        "Name": "sub",
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
        "Mutable": False,
        "Required": True,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
    }
    assert schema["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
    assert schema["email_verified"]["AttributeDataType"] == "Boolean"
    assert schema["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}


def test_a_partial_password_policy_requires_only_what_it_says(api: Api) -> None:
    pool = api.new_pool(Policies={"PasswordPolicy": {"MinimumLength": 12}})
    policy = describe(api, pool)["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == 12
    assert policy["RequireUppercase"] is False
    assert policy["TemporaryPasswordValidityDays"] == 7


def test_the_legacy_name_of_the_temporary_password_days_counts_unless_it_contradicts(api: Api) -> None:
    pool = api.new_pool(AdminCreateUserConfig={"UnusedAccountValidityDays": 3})
    assert describe(api, pool)["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 3
    with api.refused("InvalidParameterException", "Please use TemporaryPasswordValidityDays in PasswordPolicy"):
        api.new_pool(
            AdminCreateUserConfig={"UnusedAccountValidityDays": 3},
            Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 4}},
        )


def test_an_update_resets_what_it_does_not_name_and_keeps_what_cannot_change(api: Api) -> None:
    pool = api.new_pool(
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AutoVerifiedAttributes=["email"],
        DeletionProtection="ACTIVE",
        UserPoolTags={"team": "a"},
        Schema=[{"Name": "plan", "AttributeDataType": "String"}],
        Policies={"PasswordPolicy": {"MinimumLength": 20}},
    )
    api.cloud.clock.advance(60)
    api("UpdateUserPool", UserPoolId=pool, AutoVerifiedAttributes=["email"])
    after = describe(api, pool)
    assert after["UsernameAttributes"] == ["email"]
    assert after["UsernameConfiguration"] == {"CaseSensitive": False}
    assert after["AutoVerifiedAttributes"] == ["email"]
    assert after["Name"] == "people"
    assert attribute(api, pool, "custom:plan") is not None
    assert after["DeletionProtection"] == "INACTIVE"
    assert after["UserPoolTags"] == {}
    assert after["Policies"]["PasswordPolicy"] == FULL_POLICY
    assert after["LastModifiedDate"] == after["CreationDate"] + 60


def test_an_update_that_is_refused_changes_nothing(api: Api, pool: str) -> None:
    before = describe(api, pool)
    with api.refused("InvalidParameterException"):
        api("UpdateUserPool", UserPoolId=pool, PoolName="other", MfaConfiguration="ON")
    assert describe(api, pool) == before


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}, "UserPoolAddOns.AdvancedSecurityMode: ENFORCED"),
        ({"LambdaConfig": {"UserMigration": ARN}}, "LambdaConfig.UserMigration"),
        (
            {"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": ARN}}},
            "LambdaConfig.CustomEmailSender",
        ),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}},
            "Policies.SignInPolicy.AllowedFirstAuthFactors: WEB_AUTHN",
        ),
        (
            {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}},
            "Policies.PasswordPolicy.PasswordHistorySize: 3",
        ),
        ({"SmsAuthenticationMessage": "Your code: {####}"}, "SmsAuthenticationMessage"),
        (
            {"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}},
            "VerificationMessageTemplate.DefaultEmailOption: CONFIRM_WITH_LINK",
        ),
        ({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}}, "KeyConfiguration.KeyType: CUSTOMER_MANAGED_KEY"),
        ({"Misspelt": 1}, "Misspelt"),
    ],
)
def test_what_the_local_cloud_does_not_honour_is_refused_by_name(api: Api, settings: dict[str, Any], name: str) -> None:
    with api.refused("InvalidParameterException", f"`{name}` is not supported by the local cloud."):
        api.new_pool(**settings)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (
            {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
            "Only one of the aliasAttributes or usernameAttributes can be set",
        ),
        (
            {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
            "must exist in AutoVerifiedAttributes",
        ),
        ({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}, "SourceArn"),
        ({"MfaConfiguration": "OPTIONAL"}, "SMS configuration and Auto verification for phone_number are required"),
        (
            {
                "AccountRecoverySetting": {
                    "RecoveryMechanisms": [
                        {"Name": "admin_only", "Priority": 1},
                        {"Name": "verified_email", "Priority": 2},
                    ]
                }
            },
            "cannot use admin_only setting with any other",
        ),
        (
            {
                "LambdaConfig": {
                    "PreTokenGeneration": ARN,
                    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN + "2"},
                }
            },
            "PreTokenGeneration",
        ),
        (
            {
                "EmailVerificationMessage": "code {####}",
                "VerificationMessageTemplate": {"EmailMessage": "other {####}"},
            },
            "EmailVerificationMessage",
        ),
        ({"UserPoolTags": {"aws:owner": "me"}}, "aws:"),
        ({"UserPoolTags": {f"k{n}": "" for n in range(51)}}, "50 tags"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(api: Api, settings: dict[str, Any], text: str) -> None:
    with api.refused("InvalidParameterException", text):
        api.new_pool(**settings)


def test_the_pre_token_generation_trigger_is_shown_under_both_names(api: Api) -> None:
    pool = api.new_pool(LambdaConfig={"PreTokenGeneration": ARN})
    assert describe(api, pool)["LambdaConfig"]["PreTokenGenerationConfig"] == {
        "LambdaVersion": "V1_0",
        "LambdaArn": ARN,
    }
    api(
        "UpdateUserPool",
        UserPoolId=pool,
        LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN}},
    )
    assert describe(api, pool)["LambdaConfig"]["PreTokenGeneration"] == ARN


def test_the_second_version_of_that_trigger_needs_a_tier_above_lite(api: Api) -> None:
    with api.refused("FeatureUnavailableInTierException"):
        api.new_pool(
            UserPoolTier="LITE",
            LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN}},
        )


def test_the_older_names_of_the_verification_texts_are_kept_in_step_with_the_template(api: Api) -> None:
    pool = api.new_pool(EmailVerificationSubject="Hello", SmsVerificationMessage="Code {####}")
    shown = describe(api, pool)
    assert shown["VerificationMessageTemplate"] == {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        "EmailSubject": "Hello",
        "SmsMessage": "Code {####}",
    }
    assert shown["EmailVerificationSubject"] == "Hello"


def test_repeated_list_items_and_nulls_count_once_and_not_at_all(api: Api) -> None:
    pool = api.new_pool(UsernameAttributes=["email", "email"], DeviceConfiguration=None)
    assert describe(api, pool)["UsernameAttributes"] == ["email"]
    assert "DeviceConfiguration" not in describe(api, pool)


def test_mfa_is_configured_as_a_whole(api: Api, pool: str) -> None:
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == {"MfaConfiguration": "OFF"}
    on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    assert api("SetUserPoolMfaConfig", UserPoolId=pool, **on) == on
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == on
    assert describe(api, pool)["MfaConfiguration"] == "OPTIONAL"
    with api.refused("InvalidParameterException", "can't disable all MFAs with a required or optional configuration."):
        api("SetUserPoolMfaConfig", UserPoolId=pool, MfaConfiguration="ON")
    with api.refused("InvalidParameterException", "can't turn off MFA and configure an MFA together."):
        api("SetUserPoolMfaConfig", UserPoolId=pool, **(on | {"MfaConfiguration": "OFF"}))
    with api.refused("InvalidParameterException", "`EmailMfaConfiguration` is not supported"):
        api("SetUserPoolMfaConfig", UserPoolId=pool, EmailMfaConfiguration={"Message": "{####} is it"}, **on)
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == on
    api("SetUserPoolMfaConfig", UserPoolId=pool, MfaConfiguration="OFF")
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == {"MfaConfiguration": "OFF"}


def test_an_update_may_keep_mfa_but_not_turn_it_on(api: Api, pool: str) -> None:
    factor = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
    api("SetUserPoolMfaConfig", UserPoolId=pool, MfaConfiguration="OPTIONAL", **factor)
    api("UpdateUserPool", UserPoolId=pool, MfaConfiguration="OPTIONAL")
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == {"MfaConfiguration": "OPTIONAL", **factor}
    with api.refused(
        "InvalidParameterException", "Cannot turn MFA functionality ON, once the user pool has been created."
    ):
        api("UpdateUserPool", UserPoolId=pool, MfaConfiguration="ON")
    api("UpdateUserPool", UserPoolId=pool)
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == {"MfaConfiguration": "OFF"}


def test_the_schema_takes_changes_of_standard_attributes_and_custom_ones(api: Api) -> None:
    pool = api.new_pool(
        Schema=[
            {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
            {
                "Name": "seats",
                "AttributeDataType": "Number",
                "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"},
            },
            {"Name": "secret", "DeveloperOnlyAttribute": True, "Mutable": False},
        ]
    )
    email, seats = attribute(api, pool, "email"), attribute(api, pool, "custom:seats")
    assert email is not None
    assert email["Required"] is True
    assert seats is not None
    assert seats["NumberAttributeConstraints"] == {"MinValue": "1", "MaxValue": "9"}
    assert attribute(api, pool, "dev:custom:secret") == {
        "Name": "dev:custom:secret",
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": True,
        "Mutable": False,
        "Required": False,
        "StringAttributeConstraints": {},
    }


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"Name": "email", "AttributeDataType": "Number"}, "You can not change AttributeDataType"),
        ({"Name": "email", "DeveloperOnlyAttribute": True}, "You can not change AttributeDataType"),
        ({"Name": "sub", "Mutable": True}, "sub"),
        ({"Name": "plan", "Required": True}, "Required custom attributes are not supported currently."),
        ({"Name": "plan", "StringAttributeConstraints": {"MaxLength": "3000"}}, "more than 2048"),
        ({"Name": "plan", "StringAttributeConstraints": {"MinLength": "5", "MaxLength": "4"}}, "Max length"),
        ({"Name": "plan", "StringAttributeConstraints": {"MinLength": "five"}}, "Invalid MinLength"),
        ({"Name": "plan", "NumberAttributeConstraints": {"MinValue": "5"}}, "of type String"),
        ({"AttributeDataType": "String"}, "name"),
    ],
)
def test_a_wrong_schema_is_refused(api: Api, entry: dict[str, Any], text: str) -> None:
    with api.refused("InvalidParameterException", text):
        api.new_pool(Schema=[entry])


def test_custom_attributes_are_added_once(api: Api, pool: str) -> None:
    api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=[{"Name": "email"}, {"Name": "plan"}])
    assert attribute(api, pool, "custom:email") is not None
    with api.refused("InvalidParameterException", "Existing attribute already has name custom:plan."):
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=[{"Name": "city"}, {"Name": "plan"}])
    assert attribute(api, pool, "custom:city") is None


def test_a_schema_has_fifty_custom_attributes_at_most(api: Api, pool: str) -> None:
    for start in (0, 25):
        added = [{"Name": f"a{n}"} for n in range(start, start + 25)]
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=added)
    with api.refused("InvalidParameterException", "50"):
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=[{"Name": "more"}])


def test_pools_are_listed_in_pages_whose_tokens_are_good_for_this_list_only(api: Api) -> None:
    ids = {api.new_pool() for _ in range(5)}
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = api("ListUserPools", MaxResults=2, **token)
        seen += [pool["Id"] for pool in page["UserPools"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == sorted(ids)
    with api.refused("InvalidParameterException"):
        api("ListUserPools", MaxResults=2, NextToken="made-up")
    with api.refused("InvalidParameterException"):
        api("ListGroups", UserPoolId=seen[0], **token)


def test_a_domain_belongs_to_one_pool_and_a_pool_has_one(api: Api, pool: str) -> None:
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    assert describe(api, pool)["Domain"] == "gate-1"
    shown = api("DescribeUserPoolDomain", Domain="gate-1")["DomainDescription"]
    assert (shown["UserPoolId"], shown["Status"], shown["AWSAccountId"]) == (pool, "ACTIVE", "000000000000")
    other = api.new_pool()
    with api.refused("InvalidParameterException", "Domain already associated with another user pool."):
        api("CreateUserPoolDomain", UserPoolId=other, Domain="gate-1")
    with api.refused("InvalidParameterException", "User pool already has a domain configured."):
        api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-2")
    with api.refused("InvalidParameterException", "Domain cannot contain reserved word: aws"):
        api("CreateUserPoolDomain", UserPoolId=other, Domain="my-aws-app")
    with api.refused("InvalidParameterException", "`CustomDomainConfig` is not supported"):
        config = {"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/1"}
        api("CreateUserPoolDomain", UserPoolId=other, Domain="gate-3", CustomDomainConfig=config)
    with api.refused("InvalidParameterException", "No such domain"):
        api("DeleteUserPoolDomain", UserPoolId=other, Domain="gate-1")
    api("DeleteUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    assert api("DescribeUserPoolDomain", Domain="gate-1") == {"DomainDescription": {}}


def test_tags_are_added_replaced_and_removed(api: Api, pool: str) -> None:
    arn = describe(api, pool)["Arn"]
    api("TagResource", ResourceArn=arn, Tags={"team": "a", "stage": "dev"})
    api("TagResource", ResourceArn=arn, Tags={"team": "b"})
    api("UntagResource", ResourceArn=arn, TagKeys=["stage", "never"])
    assert api("ListTagsForResource", ResourceArn=arn) == {"Tags": {"team": "b"}}
    with api.refused("InvalidParameterException", "aws:"):
        api("TagResource", ResourceArn=arn, Tags={"AWS:x": "1"})
    for wrong in (arn.replace("000000000000", "111111111111"), arn + "x", arn.replace("userpool/", "identitypool/")):
        with api.refused("ResourceNotFoundException"):
            api("ListTagsForResource", ResourceArn=wrong)


def test_a_protected_pool_and_one_with_a_domain_stay(api: Api) -> None:
    pool = api.new_pool(DeletionProtection="ACTIVE")
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    with api.refused("InvalidParameterException", "because deletion protection is activated."):
        api("DeleteUserPool", UserPoolId=pool)
    api("UpdateUserPool", UserPoolId=pool)
    with api.refused("InvalidParameterException", "It has a domain configured that should be deleted first."):
        api("DeleteUserPool", UserPoolId=pool)
    api("DeleteUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    api("DeleteUserPool", UserPoolId=pool)
    with api.refused("ResourceNotFoundException", f"User pool {pool} does not exist."):
        api("DescribeUserPool", UserPoolId=pool)


def test_a_deleted_pool_leaves_nothing_behind_and_touches_no_other(api: Api) -> None:
    def fill() -> str:
        pool = api.new_pool(
            AliasAttributes=["email"], AutoVerifiedAttributes=["email"],
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
        )  # fmt: skip
        client = api.new_client(pool)
        api.new_user(pool, "ada", email="ada@example.com", email_verified="true")
        api("CreateGroup", UserPoolId=pool, GroupName="admins")
        api("AdminAddUserToGroup", UserPoolId=pool, Username="ada", GroupName="admins")
        api.sign_in(pool, client, "ada")
        api("AdminResetUserPassword", UserPoolId=pool, Username="ada")
        return pool

    kept = fill()
    counts = {kind: api.cloud.store.count(kind) for kind in KINDS}
    gone = fill()
    api("DeleteUserPool", UserPoolId=gone)
    assert {kind: api.cloud.store.count(kind) for kind in KINDS} == counts
    assert list(api.cloud.keys) == [kept]
