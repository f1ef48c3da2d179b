"""Replicas: kept and shown, one at most, inactive before they go; the pool waits for them to go first."""

from __future__ import annotations

import pytest

from tests.localcloud.userpool.conftest import Api

ELSEWHERE = "eu-west-1"


def test_a_replica_is_made_activated_and_deleted(api: Api, pool: str) -> None:
    named = {"UserPoolId": pool, "RegionName": ELSEWHERE}
    made = api("CreateUserPoolReplica", **named)["UserPoolReplica"]
    assert made == {
        "RegionName": ELSEWHERE,
        "Status": "CREATING",
        "Role": "SECONDARY",
        "UserPoolArn": f"arn:aws:cognito-idp:{ELSEWHERE}:000000000000:userpool/{pool}",
    }
    primary, secondary = api("ListUserPoolReplicas", UserPoolId=pool)["UserPoolReplicas"]
    assert (primary["RegionName"], primary["Role"], primary["Status"]) == ("us-east-1", "PRIMARY", "ACTIVE")
    assert secondary["Status"] == "INACTIVE"
    assert api("UpdateUserPoolReplica", **named, Status="ACTIVE")["UserPoolReplica"]["Status"] == "ACTIVE"
    with api.refused("InvalidParameterException", "active"):
        api("DeleteUserPoolReplica", **named)
    with api.refused("InvalidParameterException", "replica"):
        api("DeleteUserPool", UserPoolId=pool)
    api("UpdateUserPoolReplica", **named, Status="INACTIVE")
    assert api("DeleteUserPoolReplica", **named)["UserPoolReplica"]["Status"] == "DELETING"
    assert len(api("ListUserPoolReplicas", UserPoolId=pool)["UserPoolReplicas"]) == 1
    api("DeleteUserPool", UserPoolId=pool)


def test_a_pool_has_one_replica_at_most(api: Api, pool: str) -> None:
    api("CreateUserPoolReplica", UserPoolId=pool, RegionName=ELSEWHERE)
    with api.refused("LimitExceededException"):
        api("CreateUserPoolReplica", UserPoolId=pool, RegionName="eu-west-2")


@pytest.mark.parametrize("region", ["us-east-1", "somewhere", "eu-west-1 "])
def test_a_replica_is_in_another_region(api: Api, pool: str, region: str) -> None:
    with api.refused("InvalidParameterException"):
        api("CreateUserPoolReplica", UserPoolId=pool, RegionName=region)


def test_the_primary_is_no_replica(api: Api, pool: str) -> None:
    with api.refused("InvalidParameterException", "primary"):
        api("UpdateUserPoolReplica", UserPoolId=pool, RegionName="us-east-1", Status="INACTIVE")
    with api.refused("ResourceNotFoundException"):
        api("DeleteUserPoolReplica", UserPoolId=pool, RegionName=ELSEWHERE)


def test_what_a_replica_cannot_have_here_is_refused(api: Api, pool: str) -> None:
    with api.refused("FeatureUnavailableInTierException"):
        api("CreateUserPoolReplica", UserPoolId=api.new_pool(UserPoolTier="LITE"), RegionName=ELSEWHERE)
    with api.refused("InvalidParameterException", "`UserPoolTags` is not supported"):
        api("CreateUserPoolReplica", UserPoolId=pool, RegionName=ELSEWHERE, UserPoolTags={"a": "b"})
