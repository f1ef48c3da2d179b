"""User pools: AWS's defaults, what an update resets, listing, domains, tags, deletion."""

from __future__ import annotations

import re

from localcloud.userpool.models import KINDS
from tests.localcloud.userpool.conftest import START, Api

FULL_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}


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
    assert api.describe_pool(pool["Id"]) == pool


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
    after = api.describe_pool(pool)
    assert after["UsernameAttributes"] == ["email"]
    assert after["UsernameConfiguration"] == {"CaseSensitive": False}
    assert after["AutoVerifiedAttributes"] == ["email"]
    assert after["Name"] == "people"
    assert api.schema_entry(pool, "custom:plan") is not None
    assert after["DeletionProtection"] == "INACTIVE"
    assert after["UserPoolTags"] == {}
    assert after["Policies"]["PasswordPolicy"] == FULL_POLICY
    assert after["LastModifiedDate"] == after["CreationDate"] + 60


def test_an_update_that_is_refused_changes_nothing(api: Api, pool: str) -> None:
    before = api.describe_pool(pool)
    with api.refused("InvalidParameterException"):
        api("UpdateUserPool", UserPoolId=pool, PoolName="other", MfaConfiguration="ON")
    assert api.describe_pool(pool) == before


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
    assert api.describe_pool(pool)["Domain"] == "gate-1"
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
    arn = api.describe_pool(pool)["Arn"]
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
