"""Settings of pools: what is refused by name or as a contradiction, triggers, texts, MFA, the schema."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import TRIGGER, Api


def test_the_standard_schema_is_complete(api: Api, pool: str) -> None:
    schema = {entry["Name"]: entry for entry in api.describe_pool(pool)["SchemaAttributes"]}
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
    policy = api.describe_pool(pool)["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == 12
    assert policy["RequireUppercase"] is False
    assert policy["TemporaryPasswordValidityDays"] == 7


def test_the_legacy_name_of_the_temporary_password_days_counts_unless_it_contradicts(api: Api) -> None:
    pool = api.new_pool(AdminCreateUserConfig={"UnusedAccountValidityDays": 3})
    assert api.describe_pool(pool)["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 3
    with api.refused("InvalidParameterException", "Please use TemporaryPasswordValidityDays in PasswordPolicy"):
        api.new_pool(
            AdminCreateUserConfig={"UnusedAccountValidityDays": 3},
            Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 4}},
        )


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SOFTWARE_TOKEN"]}}},
            "Policies.SignInPolicy.AllowedFirstAuthFactors: SOFTWARE_TOKEN",
        ),
        (
            {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}},
            "Policies.PasswordPolicy.PasswordHistorySize: 3",
        ),
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
                    "PreTokenGeneration": TRIGGER,
                    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": TRIGGER + "2"},
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
    pool = api.new_pool(LambdaConfig={"PreTokenGeneration": TRIGGER})
    assert api.describe_pool(pool)["LambdaConfig"]["PreTokenGenerationConfig"] == {
        "LambdaVersion": "V1_0",
        "LambdaArn": TRIGGER,
    }
    api(
        "UpdateUserPool",
        UserPoolId=pool,
        LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": TRIGGER}},
    )
    assert api.describe_pool(pool)["LambdaConfig"]["PreTokenGeneration"] == TRIGGER


def test_the_second_version_of_that_trigger_needs_a_tier_above_lite(api: Api) -> None:
    with api.refused("FeatureUnavailableInTierException"):
        api.new_pool(
            UserPoolTier="LITE",
            LambdaConfig={"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": TRIGGER}},
        )


def test_the_older_names_of_the_verification_texts_are_kept_in_step_with_the_template(api: Api) -> None:
    pool = api.new_pool(EmailVerificationSubject="Hello", SmsVerificationMessage="Code {####}")
    shown = api.describe_pool(pool)
    assert shown["VerificationMessageTemplate"] == {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        "EmailSubject": "Hello",
        "SmsMessage": "Code {####}",
    }
    assert shown["EmailVerificationSubject"] == "Hello"


def test_repeated_list_items_and_nulls_count_once_and_not_at_all(api: Api) -> None:
    pool = api.new_pool(UsernameAttributes=["email", "email"], DeviceConfiguration=None)
    assert api.describe_pool(pool)["UsernameAttributes"] == ["email"]
    assert "DeviceConfiguration" not in api.describe_pool(pool)


def test_mfa_is_configured_as_a_whole(api: Api, pool: str) -> None:
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == {"MfaConfiguration": "OFF"}
    on = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    assert api("SetUserPoolMfaConfig", UserPoolId=pool, **on) == on
    assert api("GetUserPoolMfaConfig", UserPoolId=pool) == on
    assert api.describe_pool(pool)["MfaConfiguration"] == "OPTIONAL"
    with api.refused("InvalidParameterException", "can't disable all MFAs with a required or optional configuration."):
        api("SetUserPoolMfaConfig", UserPoolId=pool, MfaConfiguration="ON")
    with api.refused("InvalidParameterException", "can't turn off MFA and configure an MFA together."):
        api("SetUserPoolMfaConfig", UserPoolId=pool, **(on | {"MfaConfiguration": "OFF"}))
    with api.refused("InvalidParameterException", "needs EmailSendingAccount DEVELOPER"):
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
    email, seats = api.schema_entry(pool, "email"), api.schema_entry(pool, "custom:seats")
    assert email is not None
    assert email["Required"] is True
    assert seats is not None
    assert seats["NumberAttributeConstraints"] == {"MinValue": "1", "MaxValue": "9"}
    assert api.schema_entry(pool, "dev:custom:secret") == {
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
    assert api.schema_entry(pool, "custom:email") is not None
    with api.refused("InvalidParameterException", "Existing attribute already has name custom:plan."):
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=[{"Name": "city"}, {"Name": "plan"}])
    assert api.schema_entry(pool, "custom:city") is None


def test_a_schema_has_fifty_custom_attributes_at_most(api: Api, pool: str) -> None:
    for start in (0, 25):
        added = [{"Name": f"a{n}"} for n in range(start, start + 25)]
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=added)
    with api.refused("InvalidParameterException", "50"):
        api("AddCustomAttributes", UserPoolId=pool, CustomAttributes=[{"Name": "more"}])
