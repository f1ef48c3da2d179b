"""A stack with a policy that AWS refuses fails, and says which resource, statement and element it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.template import StackError
from tests.localcloud.aws.local_engine import LocalEngine
from tests.localcloud.aws.samples import BUCKET_POLICY, TRUST

WRONG = {"Version": "2012-10-17", "Statement": [{"Sid": "Own", "Effect": "Allow", "Action": "s3:*", "Resources": "*"}]}
MANY = {"Effect": "Allow", "Action": [f"s3:{'A' * 800}"] * 8, "Resource": "*"}
LARGE = {"Version": "2012-10-17", "Statement": [MANY]}
OWN = "statement Own: unknown element `Resources`"


@pytest.mark.parametrize(
    ("resource_type", "properties", "reason"),
    [
        ("IAM::Role", {"AssumeRolePolicyDocument": WRONG}, f"AssumeRolePolicyDocument: {OWN}"),
        (
            "IAM::Role",
            {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "p", "PolicyDocument": WRONG}]},
            f"Policies: p: {OWN}",
        ),
        (
            "IAM::Role",
            {
                "RoleName": "large",
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": name, "PolicyDocument": LARGE} for name in ("a", "b")],
            },
            "Maximum policy size of 10240 bytes exceeded for role large",
        ),
        ("IAM::Policy", {"PolicyName": "p", "PolicyDocument": WRONG, "Roles": ["x"]}, f"PolicyDocument: {OWN}"),
        ("IAM::ManagedPolicy", {"PolicyDocument": WRONG}, f"PolicyDocument: {OWN}"),
        ("IAM::ManagedPolicy", {"PolicyDocument": LARGE}, "Cannot exceed quota for PolicySize: 6144"),
        ("S3::BucketPolicy", {"Bucket": "another", "PolicyDocument": BUCKET_POLICY}, "Policy has invalid resource"),
        ("SQS::QueuePolicy", {"Queues": [], "PolicyDocument": WRONG}, f"PolicyDocument: {OWN}"),
    ],
)
def test_a_stack_says_where_a_policy_is_wrong(
    local: LocalEngine, tmp_path: Path, resource_type: str, properties: dict[str, Any], reason: str
) -> None:
    with pytest.raises(StackError) as raised:
        local.deploy_resources({"R": {"Type": f"AWS::{resource_type}", "Properties": properties}}, tmp_path, "wrong")
    assert str(raised.value).startswith(f"resource `R` (AWS::{resource_type}): ")
    assert reason in str(raised.value)


def test_an_update_with_a_wrong_policy_leaves_the_old_one(local: LocalEngine, tmp_path: Path) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "kept", "AssumeRolePolicyDocument": TRUST}}
    local.deploy_resources({"R": role}, tmp_path, "kept")
    changed = {**role, "Properties": {**role["Properties"], "AssumeRolePolicyDocument": WRONG}}  # type: ignore[dict-item]
    with pytest.raises(StackError, match="AssumeRolePolicyDocument: statement Own"):
        local.deploy_resources({"R": changed}, tmp_path, "kept")
    kept = local.engine.role("kept")
    assert kept is not None
    assert kept.trust_policy == TRUST
