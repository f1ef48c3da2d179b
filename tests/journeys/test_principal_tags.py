"""Attributes for access control: a policy on `aws:PrincipalTag/…` opens each user's own folder (rule 49)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.claims import claims_of
from tests.journeys.identity_pools import IdentityPool, provider_of
from tests.journeys.people import client, root_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> IdentityPool:
    return IdentityPool.make(cloud, AllowClassicFlow=True)


def own_folder(pool: IdentityPool) -> list[dict[str, Any]]:
    resource = f"arn:aws:s3:::{pool.bucket}/home/${{aws:PrincipalTag/username}}/*"
    return [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": resource}]


def set_role(pool: IdentityPool, *, may_be_tagged: bool) -> str:
    role = pool.role(own_folder(pool), may_be_tagged=may_be_tagged)
    pool.root.set_identity_pool_roles(IdentityPoolId=pool.id, Roles={"authenticated": role})
    return role


def set_map(pool: IdentityPool, **request: Any) -> None:
    pool.root.set_principal_tag_attribute_map(
        IdentityPoolId=pool.id, IdentityProviderName=provider_of(pool.users), **request
    )


def test_each_user_has_a_folder_named_by_the_sub(pool: IdentityPool, email: str) -> None:
    set_map(pool, UseDefaults=True)
    role = set_role(pool, may_be_tagged=True)
    logins = pool.logins(pool.users.confirmed_person(email))
    sub, identity = claims_of(next(iter(logins.values())))["sub"], pool.get_id(logins)
    token = pool.public.get_open_id_token(IdentityId=identity, Logins=logins)["Token"]
    classic = root_client(pool.cloud, "sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="app", WebIdentityToken=token
    )["Credentials"]
    for credentials in (pool.credentials(identity, logins), classic):
        s3 = client(pool.cloud, "s3", credentials)
        assert s3.put_object(Bucket=pool.bucket, Key=f"home/{sub}/note", Body=b"mine")
        assert code_of(s3.put_object, Bucket=pool.bucket, Key="home/other/note", Body=b"not mine") == "AccessDenied"


def test_a_map_without_the_claim_opens_nothing(pool: IdentityPool, email: str) -> None:
    set_map(pool, PrincipalTags={"username": "custom:nothing"})
    set_role(pool, may_be_tagged=True)
    logins = pool.logins(pool.users.confirmed_person(email))
    s3 = client(pool.cloud, "s3", pool.credentials(pool.get_id(logins), logins))
    for key in ("home//note", "home/${aws:PrincipalTag/username}/note"):
        assert code_of(s3.put_object, Bucket=pool.bucket, Key=key, Body=b"") == "AccessDenied"


def test_a_role_that_may_not_be_tagged_is_explained(pool: IdentityPool, email: str) -> None:
    set_map(pool, UseDefaults=True)
    set_role(pool, may_be_tagged=False)
    logins = pool.logins(pool.users.confirmed_person(email))
    request = {"IdentityId": pool.get_id(logins), "Logins": logins}
    refused = refusal(pool.public.get_credentials_for_identity, **request)
    assert refused.code == "InvalidIdentityPoolConfigurationException"
    try:
        pool.public.get_credentials_for_identity(**request)
    except pool.public.exceptions.InvalidIdentityPoolConfigurationException as error:
        request_id = error.response["ResponseMetadata"]["RequestId"]
    status, explained = pool.cloud.get(f"explain?request={request_id}")
    assert status == 200
    assert "sts:TagSession" in str(explained)


def test_a_writable_attribute_is_as_good_as_its_user(pool: IdentityPool, email: str) -> None:
    """Attack: a tag from `nickname`, which users write themselves. AWS lets it; so a policy must not rest on it."""
    set_map(pool, PrincipalTags={"username": "nickname"})
    set_role(pool, may_be_tagged=True)
    person = pool.users.confirmed_person(email)
    tokens = person.sign_in().tokens
    victim = [{"Name": "nickname", "Value": "victim"}]
    root_client(pool.cloud, "cognito-idp").update_user_attributes(
        AccessToken=tokens.access_token, UserAttributes=victim
    )
    logins = pool.logins(person)
    s3 = client(pool.cloud, "s3", pool.credentials(pool.get_id(logins), logins))
    assert s3.put_object(Bucket=pool.bucket, Key="home/victim/note", Body=b"")
