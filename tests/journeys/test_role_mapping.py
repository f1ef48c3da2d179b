"""Groups and claims choose the role that a user's credentials are of, and the role decides what the user reads."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.journeys.identity_pools import IdentityPool, provider_of
from tests.journeys.people import Person, client, root_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud

KEYS = ["users/a", "editors/a", "writers/a"]


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> IdentityPool:
    made = IdentityPool.make(cloud)
    made.put(*KEYS)
    return made


@pytest.fixture(scope="module")
def roles(pool: IdentityPool) -> dict[str, str]:
    """Roles by the folder that each may read; those but the first are groups' too."""
    arns = {name: pool.role([pool.reads(name)]) for name in ("users", "editors", "writers")}
    users = root_client(pool.cloud, "cognito-idp")
    for precedence, name in enumerate(("editors", "writers")):
        users.create_group(UserPoolId=pool.users.id, GroupName=name, RoleArn=arns[name], Precedence=precedence)
    return arns


def set_roles(pool: IdentityPool, roles: dict[str, str], mapping: dict[str, Any]) -> None:
    pool.root.set_identity_pool_roles(
        IdentityPoolId=pool.id,
        Roles={"authenticated": roles["users"]},
        RoleMappings={f"{provider_of(pool.users)}:{pool.users.client_id}": mapping},
    )


def member(pool: IdentityPool, email: str, *groups: str) -> Person:
    """Somebody in these groups."""
    person = pool.users.confirmed_person(email)
    for group in groups:
        root_client(pool.cloud, "cognito-idp").admin_add_user_to_group(
            UserPoolId=pool.users.id, Username=email, GroupName=group
        )
    return person


def test_a_group_gives_its_members_its_role(pool: IdentityPool, roles: dict[str, str], email: str) -> None:
    set_roles(pool, roles, {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"})
    nobody, editor, both = (
        member(pool, f"{number}-{email}", *groups)
        for number, groups in enumerate([(), ("editors",), ("writers", "editors")])
    )
    seen = {}
    for person in (nobody, editor, both):
        logins = pool.logins(person)
        seen[person.email[0]] = pool.readable(KEYS, pool.credentials(pool.get_id(logins), logins))
    assert seen == {"0": ["users/a"], "1": ["editors/a"], "2": ["editors/a"]}

    logins = pool.logins(both)
    identity = pool.get_id(logins)
    chosen = pool.credentials(identity, logins, CustomRoleArn=roles["writers"])
    assert pool.readable(KEYS, chosen) == ["writers/a"]
    other = {"IdentityId": identity, "Logins": logins, "CustomRoleArn": roles["users"]}
    assert refusal(pool.public.get_credentials_for_identity, **other).code == "NotAuthorizedException"


def test_an_ambiguous_role_may_be_none(pool: IdentityPool, roles: dict[str, str], email: str) -> None:
    set_roles(pool, roles, {"Type": "Token", "AmbiguousRoleResolution": "Deny"})
    logins = pool.logins(member(pool, email))
    refused = refusal(pool.public.get_credentials_for_identity, IdentityId=pool.get_id(logins), Logins=logins)
    key = f"{provider_of(pool.users)}:{pool.users.client_id}"
    message = f"The ambiguous role mapping rules for: {key} denied this request."
    assert refused == ("NotAuthorizedException", message)


def test_a_rule_reads_a_claim(pool: IdentityPool, roles: dict[str, str], email: str) -> None:
    rule = {"Claim": "email", "MatchType": "StartsWith", "Value": "boss-", "RoleARN": roles["writers"]}
    rules = {"Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole", "RulesConfiguration": {"Rules": [rule]}}
    set_roles(pool, roles, rules)
    for person, expected in ((f"boss-{email}", "writers/a"), (email, "users/a")):
        logins = pool.logins(member(pool, person))
        assert pool.readable(KEYS, pool.credentials(pool.get_id(logins), logins)) == [expected]


def test_whoever_maps_roles_must_be_allowed_to_pass_them(pool: IdentityPool, roles: dict[str, str]) -> None:
    """Attack: an administrator of the pool alone, who gives its users a role that is stronger than the own one."""
    iam, name = root_client(pool.cloud, "iam"), f"admin-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    admin = client(pool.cloud, "cognito-identity", key)
    allowed = {"Effect": "Allow", "Action": "cognito-identity:*", "Resource": "*"}
    passes = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": roles["users"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed, passes]})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    own = {"IdentityPoolId": pool.id, "Roles": {"authenticated": roles["users"]}}
    assert admin.set_identity_pool_roles(**own)
    rule = {"Claim": "sub", "MatchType": "StartsWith", "Value": "a", "RoleARN": roles["editors"]}
    mapping = {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [rule]}}
    mappings = {f"{provider_of(pool.users)}:{pool.users.client_id}": mapping}
    refused = refusal(admin.set_identity_pool_roles, **own, RoleMappings=mappings)
    assert refused.code == "AccessDeniedException"
    assert f"iam:PassRole on resource: {roles['editors']}" in refused.message
