"""A resource that names a policy, role or queue which is not there fails the deploy; the engine would pass over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.template import StackError
from tests.localcloud.aws.local_engine import ACCOUNT, PORT, LocalEngine
from tests.localcloud.aws.samples import POLICY, QUEUE_POLICY, TRUST

MISSING = f"arn:aws:iam::{ACCOUNT}:policy/missing"
QUEUE_URL = f"http://127.0.0.1:{PORT}/{ACCOUNT}/missing"


@pytest.mark.parametrize(
    ("resource_type", "properties", "reason"),
    [
        ("IAM::Role", {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [MISSING]}, "policy/missing"),
        # Attack: a role without the boundary that its template gives it.
        ("IAM::Role", {"AssumeRolePolicyDocument": TRUST, "PermissionsBoundary": MISSING}, "policy/missing"),
        ("IAM::ManagedPolicy", {"PolicyDocument": POLICY, "Roles": ["missing"]}, "missing"),
        ("SQS::QueuePolicy", {"PolicyDocument": QUEUE_POLICY, "Queues": [QUEUE_URL]}, "NonExistentQueue"),
    ],
)
def test_a_missing_reference_fails_the_deploy(
    local: LocalEngine, tmp_path: Path, resource_type: str, properties: dict[str, Any], reason: str
) -> None:
    resource = {"Type": f"AWS::{resource_type}", "Properties": properties}
    with pytest.raises(StackError, match=f"resource `Wrong` .*{reason}"):
        local.deploy_resources({"Wrong": resource}, tmp_path, "missing")
    assert local.call("iam", "ListRoles")["Roles"] == []
    assert local.call("iam", "ListPolicies", Scope="Local")["Policies"] == []
