"""Policies that ask which pool an identity is in, and how a resource is tagged: an Allow needs it, a Deny bites."""

from __future__ import annotations

import uuid

import pytest

from tests.journeys.functions import ACCOUNT
from tests.journeys.identity_pools import IdentityPool
from tests.journeys.people import client, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import is_denied, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import user

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
GUARDED = {"StringEquals": {"aws:ResourceTag/guarded": "yes"}}
TAGS = {"guarded": "yes"}
IN_POOL = "cognito-identity:IdentityPoolArn"
NOBODYS = "us-east-1:00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def pools(cloud: LocalCloud) -> tuple[IdentityPool, IdentityPool]:
    return IdentityPool.make(cloud, IdentityPoolTags=TAGS), IdentityPool.make(cloud)


def arn_of(pool: IdentityPool) -> str:
    return f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{pool.id}"


def test_attack_an_identity_of_a_guarded_pool_among_others(
    cloud: LocalCloud, pools: tuple[IdentityPool, IdentityPool]
) -> None:
    guarded, other = pools
    deny = {**ALL, "Effect": "Deny", "Condition": {"StringEquals": {IN_POOL: arn_of(guarded)}}}
    admin = client(cloud, "cognito-identity", user(cloud, ALL, deny).keys)
    theirs, mine = guarded.get_id(), other.get_id()
    assert is_denied(admin.describe_identity, IdentityId=theirs)
    assert not is_denied(admin.describe_identity, IdentityId=mine)
    for identity_ids in ([theirs], [mine, theirs], [NOBODYS, theirs, mine]):
        assert is_denied(admin.delete_identities, IdentityIdsToDelete=identity_ids)
    assert other.root.describe_identity(IdentityId=mine)["IdentityId"] == mine
    assert not is_denied(admin.delete_identities, IdentityIdsToDelete=[mine])
    assert refusal(other.root.describe_identity, IdentityId=mine).code == "ResourceNotFoundException"


def test_an_allow_for_one_pool_is_for_its_identities_only(
    cloud: LocalCloud, pools: tuple[IdentityPool, IdentityPool]
) -> None:
    own, other = pools
    allow = {**ALL, "Action": "cognito-identity:*", "Condition": {"StringEquals": {IN_POOL: arn_of(own)}}}
    admin = client(cloud, "cognito-identity", user(cloud, allow).keys)
    mine, theirs = own.get_id(), other.get_id()
    assert not is_denied(admin.describe_identity, IdentityId=mine)
    for identity_id in (theirs, NOBODYS):
        assert is_denied(admin.describe_identity, IdentityId=identity_id)
        assert is_denied(admin.delete_identities, IdentityIdsToDelete=[mine, identity_id])
    assert not is_denied(admin.delete_identities, IdentityIdsToDelete=[mine])


def test_a_pools_tags_keep_others_away_from_it(cloud: LocalCloud, pools: tuple[IdentityPool, IdentityPool]) -> None:
    keys = user(cloud, ALL, {**ALL, "Effect": "Deny", "Condition": GUARDED}).keys
    identity = client(cloud, "cognito-identity", keys)
    for pool, denied in zip(pools, (True, False), strict=True):
        assert is_denied(identity.list_identities, IdentityPoolId=pool.id, MaxResults=1) == denied

    users, admin = Pool.make(cloud), client(cloud, "cognito-idp", keys)
    root = root_client(cloud, "cognito-idp")
    arn = root.describe_user_pool(UserPoolId=users.id)["UserPool"]["Arn"]
    assert not is_denied(admin.list_users, UserPoolId=users.id)
    root.tag_resource(ResourceArn=arn, Tags=TAGS)
    assert is_denied(admin.list_users, UserPoolId=users.id)
    # Attack: who may not touch a guarded pool takes the guard away.
    assert is_denied(admin.untag_resource, ResourceArn=arn, TagKeys=["guarded"])


def test_a_tables_tags_decide_on_its_items(cloud: LocalCloud) -> None:
    root, name = root_client(cloud, "dynamodb"), f"tagged-{uuid.uuid4().hex[:8]}"
    arn = root.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )["TableDescription"]["TableArn"]
    allowed = client(cloud, "dynamodb", user(cloud, {**ALL, "Condition": GUARDED}).keys)
    item = {"TableName": name, "Key": {"pk": {"S": "a"}}}
    assert is_denied(allowed.get_item, **item)
    root.tag_resource(ResourceArn=arn, Tags=[{"Key": "guarded", "Value": "yes"}])
    assert not is_denied(allowed.get_item, **item)
    refused = client(cloud, "dynamodb", user(cloud, ALL, {**ALL, "Effect": "Deny", "Condition": GUARDED}).keys)
    assert is_denied(refused.get_item, **item)
    assert is_denied(refused.batch_get_item, RequestItems={name: {"Keys": [item["Key"]]}})
