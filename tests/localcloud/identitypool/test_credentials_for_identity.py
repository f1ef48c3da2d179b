"""Credentials are those of the pool's role, and only if that role's trust policy lets this very identity in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from localcloud.access import credentials
from localcloud.access.credentials import RoleSession
from localcloud.iam import Policies, Principal, Request, compile_policy, decide
from tests.localcloud.identitypool.conftest import NOW, PROVIDER, World, role_arn, trust

INVALID = (
    "InvalidIdentityPoolConfigurationException: "
    "Invalid identity pool configuration. Check assigned IAM roles for this pool."
)


def session(world: World, answer: dict[str, Any]) -> RoleSession:
    """The session behind an answer."""
    found = credentials.find(world.ctx.store, answer["Credentials"]["AccessKeyId"])
    assert found is not None
    return found


def changed(policy: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A trust policy with elements of its one statement changed, None removes one."""
    statement = {name: value for name, value in {**policy["Statement"][0], **changes}.items() if value is not None}
    return {**policy, "Statement": [statement]}


def test_the_answer_looks_like_awss(world: World) -> None:
    ann = world.get_id("ann")
    answer = world.credentials(ann, world.logins("ann"))
    keys = answer["Credentials"]
    assert answer["IdentityId"] == ann
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", keys["AccessKeyId"])
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", keys["SecretKey"])
    assert keys["Expiration"] == int(NOW) + 3600
    found = session(world, answer)
    assert (found.secret_key, found.session_token) == (keys["SecretKey"], keys["SessionToken"])


def test_rule_53_a_users_session_carries_what_policies_ask_for(world: World) -> None:
    """No scope-down, which is for guests alone (rule 52)."""
    ann = world.get_id("ann")
    found = session(world, world.credentials(ann, world.logins("ann")))
    assert found.arn == "arn:aws:sts::000000000000:assumed-role/authenticated/CognitoIdentityCredentials"
    assert found.session_policies == []
    assert found.context == {
        "cognito-identity.amazonaws.com:aud": world.pool_id,
        "cognito-identity.amazonaws.com:sub": ann,
        "cognito-identity.amazonaws.com:amr": ["authenticated", PROVIDER, f"{PROVIDER}:CognitoSignIn:sub-ann"],
        "aws:FederatedProvider": "cognito-identity.amazonaws.com",
        "aws:PrincipalArn": role_arn("authenticated"),
        "aws:PrincipalAccount": "000000000000",
        "aws:PrincipalType": "AssumedRole",
        "aws:userid": "AROAAUTHENTICATED:CognitoIdentityCredentials",
        "aws:TokenIssueTime": "2027-01-15T08:00:00Z",
    }


@pytest.mark.parametrize(
    ("action", "allowed"),
    [("s3:GetObject", True), ("rum:PutRumEvents", True), ("ssm:GetParameter", False), ("kms:CreateKey", False)],
)
def test_rule_52_a_guests_session_reaches_awss_list_of_services_only(world: World, action: str, allowed: bool) -> None:
    found = session(world, world.credentials(world.get_id()))
    assert found.context["cognito-identity.amazonaws.com:amr"] == ["unauthenticated"]
    assert found.role_arn == role_arn("unauthenticated")
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    policies = Policies(
        identity=(compile_policy(everything),), session=tuple(map(compile_policy, found.session_policies))
    )
    request = Request(Principal("AWS", found.arn), action, "*", "000000000000", found.context)
    assert decide(request, policies).allowed is allowed


WRONG_TRUSTS = {
    "service principal": {"Principal": {"Service": "cognito-identity.amazonaws.com"}},
    "another provider": {"Principal": {"Federated": "graph.facebook.com"}},
    "another action": {"Action": "sts:AssumeRole"},
    "another pool": {
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:another-pool"}},
    },
    "guests only": {
        "Condition": {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"}},
    },
    "a misspelt key": {"Condition": {"StringEquals": {"cognito-identity.amazon.com:aud": "us-east-1:any"}}},
    "a deny": {"Effect": "Deny"},
    "an unknown operator": {"Condition": {"StringResembles": {"cognito-identity.amazonaws.com:aud": "x"}}},
}


@pytest.mark.parametrize("wrong", WRONG_TRUSTS.values(), ids=WRONG_TRUSTS.keys())
def test_a_role_that_does_not_trust_the_pool_is_refused(
    world: World, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    world.set_trust("authenticated", changed(trust(world.pool_id, "authenticated"), **wrong))
    ann = world.get_id("ann")
    assert world.refusal("GetCredentialsForIdentity", IdentityId=ann, Logins=world.logins("ann")) == INVALID
    assert role_arn("authenticated") in caplog.text


def test_a_guest_is_not_let_into_the_users_role(world: World) -> None:
    roles = dict.fromkeys(("authenticated", "unauthenticated"), role_arn("authenticated"))
    world.call("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles=roles)
    assert world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id()) == INVALID


def test_a_trust_policy_without_a_pool_trusts_every_pool(world: World) -> None:
    """AWS refuses to store such a policy today; where one stands, this is what it means."""
    condition = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}
    world.set_trust("authenticated", changed(trust("", "authenticated"), Condition=condition))
    assert world.credentials(world.get_id("ann"), world.logins("ann"))


def test_a_role_may_ask_for_one_user_of_one_provider(world: World) -> None:
    amr = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": f"{PROVIDER}:CognitoSignIn:sub-ann"}}
    world.set_trust("authenticated", changed(trust(world.pool_id, "authenticated"), Condition=amr))
    assert world.credentials(world.get_id("ann"), world.logins("ann"))
    bob = world.get_id("bob")
    assert world.refusal("GetCredentialsForIdentity", IdentityId=bob, Logins=world.logins("bob")) == INVALID


def test_an_unknown_role_is_refused(world: World) -> None:
    world.roles.clear()
    assert world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id()) == INVALID


def test_a_pool_without_roles_is_refused(world: World) -> None:
    world.call("SetIdentityPoolRoles", IdentityPoolId=world.pool_id, Roles={})
    assert world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id()) == INVALID


def test_a_refusal_leaves_no_session_behind(world: World) -> None:
    world.roles.clear()
    world.refusal("GetCredentialsForIdentity", IdentityId=world.get_id())
    assert world.ctx.store.count(RoleSession) == 0
