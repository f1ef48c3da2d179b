"""AssumeRole over a socket: whom a role's trust policy lets in, together with the caller's own policies (rule 39)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.people import root_client, unsigned_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import ACCOUNT, READ_ALL, Actor, may_assume, policy, role, trusts, unique, user

OTHER_ACCOUNT = "111111111111"


def denied(actor: Actor, arn: str, **more: Any) -> str:
    """The message of an AssumeRole that must be denied."""
    request = {"RoleArn": arn, "RoleSessionName": "session", **more}
    code, message = refusal(actor.client("sts").assume_role, **request)
    assert code == "AccessDenied"
    return message


def test_a_user_whom_the_role_names_needs_nothing_else(cloud: LocalCloud) -> None:
    """Rule 39: in the same account, a trust policy that names the user is enough."""
    ada = user(cloud)
    session = ada.assume(role(cloud, trusts({"AWS": ada.arn})))
    assert session.client("s3").list_buckets()["Buckets"]


def test_a_session_is_the_role_and_not_the_user(cloud: LocalCloud) -> None:
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}))
    session = ada.assume(arn, RoleSessionName="ada@example.com")
    who = session.client("sts").get_caller_identity()
    name = arn.rpartition("/")[2]
    assert who["Arn"] == session.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/ada@example.com"
    assert who["Account"] == ACCOUNT
    assert who["UserId"].startswith("AROA")
    assert who["UserId"].endswith(":ada@example.com")
    assert ada.client("sts").get_caller_identity()["Arn"] == ada.arn


def test_a_role_that_trusts_the_account_leaves_it_to_the_users_own_policies(cloud: LocalCloud) -> None:
    """Rules 32, 39."""
    arn = role(cloud, trusts({"AWS": ACCOUNT}))
    assert user(cloud, may_assume(arn)).assume(arn)
    assert "because no identity-based policy allows the sts:AssumeRole action" in denied(user(cloud), arn)
    another = user(cloud, may_assume(f"arn:aws:iam::{ACCOUNT}:role/another"))
    assert "no identity-based policy" in denied(another, arn)


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": OTHER_ACCOUNT},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:role/another"},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/another"},
        {"Service": "lambda.amazonaws.com"},
        {"Federated": "www.amazon.com"},
    ],
)
def test_attack_a_role_that_trusts_somebody_else(cloud: LocalCloud, principal: dict[str, str]) -> None:
    message = denied(user(cloud, may_assume()), role(cloud, trusts(principal)))
    assert message.endswith("because no role trust policy allows the sts:AssumeRole action")


def test_attack_a_role_that_is_not_there_or_in_another_account(cloud: LocalCloud) -> None:
    ada = user(cloud, may_assume())
    arn = role(cloud, trusts({"AWS": ada.arn}), Path="/own/")
    for wrong in (
        arn.replace(ACCOUNT, OTHER_ACCOUNT),
        arn.replace("role/own/", "role/"),
        arn.replace("role/own/", "role/other/"),
        f"arn:aws:iam::{ACCOUNT}:role/missing",
    ):
        assert "is not authorized to perform: sts:AssumeRole on resource" in denied(ada, wrong)


def test_attack_everybody_with_a_condition_is_only_who_meets_it(cloud: LocalCloud) -> None:
    """Attack: `"AWS": "*"`, which is right with its condition and open without."""
    ada = user(cloud, may_assume())
    arn = role(cloud, trusts({"AWS": "*"}, StringEquals={"aws:PrincipalArn": ada.arn}))
    assert ada.assume(arn)
    assert "role trust policy" in denied(user(cloud, may_assume()), arn)


def test_attack_a_wrong_external_id(cloud: LocalCloud) -> None:
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}, StringEquals={"sts:ExternalId": "tenant-1"}))
    assert ada.assume(arn, ExternalId="tenant-1")
    assert "role trust policy" in denied(ada, arn, ExternalId="tenant-2")
    assert "role trust policy" in denied(ada, arn)


def test_the_name_of_the_session_can_be_required(cloud: LocalCloud) -> None:
    ada = user(cloud)
    name = ada.arn.rpartition("/")[2]
    arn = role(cloud, trusts({"AWS": ada.arn}, StringEquals={"sts:RoleSessionName": "${aws:username}"}))
    assert ada.assume(arn, RoleSessionName=name)
    assert "role trust policy" in denied(ada, arn, RoleSessionName="somebody-else")


def test_a_deny_on_either_side_wins(cloud: LocalCloud) -> None:
    """Rule 36."""
    deny = {"Effect": "Deny", "Action": "sts:*", "Resource": "*"}
    forbidden = user(cloud, deny)
    arn = role(cloud, trusts({"AWS": forbidden.arn}))
    assert "with an explicit deny in an identity-based policy" in denied(forbidden, arn)
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}), {**trusts({"AWS": ada.arn}), "Effect": "Deny"})
    assert "with an explicit deny in a role trust policy" in denied(ada, arn)


def test_a_deny_can_go_by_the_tags_of_the_role(cloud: LocalCloud) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/stage": "prod"}}
    ada = user(cloud, {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*", "Condition": condition})
    assert ada.assume(role(cloud, trusts({"AWS": ada.arn}), Tags=[{"Key": "stage", "Value": "dev"}]))
    prod = role(cloud, trusts({"AWS": ada.arn}), Tags=[{"Key": "stage", "Value": "prod"}])
    assert "explicit deny" in denied(ada, prod)


def test_the_root_becomes_no_role(cloud: LocalCloud) -> None:
    arn = role(cloud, trusts({"AWS": ACCOUNT}), trusts("*"))
    assume = root_client(cloud, "sts").assume_role
    assert code_of(assume, RoleArn=arn, RoleSessionName="root") == "AccessDenied"


def test_who_one_is_can_be_asked_against_a_deny(cloud: LocalCloud) -> None:
    """Rule 46."""
    forbidden = user(cloud, {"Effect": "Deny", "Action": "*", "Resource": "*"})
    assert forbidden.client("sts").get_caller_identity()["Arn"] == forbidden.arn
    assert code_of(unsigned_client(cloud, "sts").get_caller_identity) == "MissingAuthenticationToken"


def test_attack_keys_of_a_role_that_was_made_again(cloud: LocalCloud) -> None:
    ada, name, iam = user(cloud), unique(), root_client(cloud, "iam")
    session = ada.assume(role(cloud, trusts({"AWS": ada.arn}), RoleName=name))
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    role(cloud, trusts({"AWS": ada.arn}), RoleName=name)
    assert code_of(session.client("sts").get_caller_identity) == "InvalidClientTokenId"
    assert code_of(session.client("s3").list_buckets) == "InvalidAccessKeyId"


def test_operations_that_are_not_there_are_refused_by_name(cloud: LocalCloud) -> None:
    """Attack: a session token for whoever asks, from somebody who checks nothing."""
    sts = root_client(cloud, "sts")
    code, message = refusal(sts.get_session_token)
    assert (code, message) == (
        "UnsupportedOperationException",
        "GetSessionToken is not supported by the local cloud.",
    )
    assert code_of(sts.get_federation_token, Name="ada") == "UnsupportedOperationException"
    assert code_of(user(cloud, may_assume()).client("sts").get_session_token) == "AccessDenied"


def test_what_would_have_to_be_ignored_is_refused(cloud: LocalCloud) -> None:
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}))
    device = f"arn:aws:iam::{ACCOUNT}:mfa/ada"
    assert "MultiFactorAuthentication failed" in denied(ada, arn, SerialNumber=device, TokenCode="123456")
    contexts = [{"ProviderArn": "arn:aws:iam::aws:contextProvider/IdentityCenter", "ContextAssertion": "text"}]
    for more in ({"ProvidedContexts": contexts}, {"MinimumSessionTokenSize": 4096}):
        request = {"RoleArn": arn, "RoleSessionName": "session", **more}
        code, message = refusal(ada.client("sts").assume_role, **request)
        assert (code, message.endswith("is not supported by the local cloud.")) == ("ValidationError", True)


def test_a_policy_of_the_session_narrows_it(cloud: LocalCloud) -> None:
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}))
    only_buckets = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    session = ada.assume(arn, Policy=only_buckets)
    assert session.client("s3").list_buckets()["Buckets"]
    code, message = refusal(session.client("dynamodb").list_tables)
    assert code == "AccessDeniedException"
    assert "because no session policy allows the dynamodb:ListTables action" in message


def test_attack_a_session_policy_gives_nothing_that_the_role_has_not(cloud: LocalCloud) -> None:
    """Rule 37: role and session policies are an intersection."""
    ada = user(cloud)
    arn = role(cloud, trusts({"AWS": ada.arn}))
    session = ada.assume(arn, Policy=policy({"Effect": "Allow", "Action": "*", "Resource": "*"}))
    assert session.client("dynamodb").list_tables()["TableNames"]
    bucket = cloud.outputs["UserDataBucket"]
    assert "no identity-based policy" in refusal(session.client("s3").list_objects_v2, Bucket=bucket).message


def test_policies_of_a_session_are_one_group(cloud: LocalCloud) -> None:
    """Rule 37: what one of them allows is allowed, inline or managed."""
    ada, iam = user(cloud), root_client(cloud, "iam")
    arn = role(cloud, trusts({"AWS": ada.arn}), may=[READ_ALL, {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}])
    tables = policy({"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"})
    managed = iam.create_policy(PolicyName=unique(), PolicyDocument=tables)["Policy"]["Arn"]
    buckets = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    session = ada.assume(arn, Policy=buckets, PolicyArns=[{"arn": managed}])
    assert session.client("s3").list_buckets()["Buckets"]
    assert session.client("dynamodb").list_tables()["TableNames"]
    bucket = cloud.outputs["UserDataBucket"]
    assert code_of(session.client("s3").list_objects_v2, Bucket=bucket) == "AccessDenied"
    answer = ada.client("sts").assume_role(RoleArn=arn, RoleSessionName="session", PolicyArns=[{"arn": managed}])
    assert 0 < answer["PackedPolicySize"] < 20
