"""Secrets Manager calls are decided on the ARN of the secret, however it is named."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call

PREFIX = "arn:aws:secretsmanager:us-east-1:000000000000:secret:"
SECRET = f"{PREFIX}db-AbCdEf"


def found(operation: str, **params: Any) -> list[Check]:
    return checks(call("secretsmanager", operation, params), RESOURCES)


def asked(operation: str, **params: Any) -> list[tuple[str, str]]:
    return [(check.action.partition(":")[2], check.resource) for check in found(operation, **params)]


@pytest.mark.parametrize(
    ("reference", "resource"),
    [
        ("db", SECRET),
        (SECRET, SECRET),
        (f"{PREFIX}db", SECRET),
        (f"{PREFIX}d", SECRET),
        ("other", f"{PREFIX}other"),
        (SECRET.replace("000000000000", "111111111111"), ""),
        (SECRET.replace("us-east-1", "eu-west-1"), ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_a_secret_by_all_its_names(reference: str, resource: str) -> None:
    """The beginning of an ARN is a name, too: what it stands for is decided, and not what it looks like."""
    assert asked("GetSecretValue", SecretId=reference) == ([("GetSecretValue", resource)] if resource else [])


def test_a_batch_is_each_of_its_secrets() -> None:
    assert asked("BatchGetSecretValue", SecretIdList=["db", "other"]) == [
        ("BatchGetSecretValue", "*"), ("GetSecretValue", SECRET), ("GetSecretValue", f"{PREFIX}other"),
    ]  # fmt: skip
    assert found("BatchGetSecretValue", Filters=[{"Key": "name", "Values": ["db"]}]) == []


def test_what_a_call_says() -> None:
    (check,) = found("GetSecretValue", SecretId="db", VersionStage="AWSPREVIOUS")
    assert check.context == {"secretsmanager:SecretId": "db", "secretsmanager:VersionStage": "AWSPREVIOUS"}
    (check,) = found("DeleteSecret", SecretId="db", ForceDeleteWithoutRecovery=True)
    assert check.context["secretsmanager:ForceDeleteWithoutRecovery"] == "true"
    create, tagging = found("CreateSecret", Name="new", Tags=[{"Key": "team", "Value": "red"}])
    assert (create.resource, create.context["aws:RequestTag/team"]) == (f"{PREFIX}new", "red")
    assert tagging.action == "secretsmanager:TagResource"
    assert found("CreateSecret", Name="new", AddReplicaRegions=[{"Region": "eu-west-1"}]) == []
    assert asked("ListSecrets") == [("ListSecrets", "*")]
    assert found("RotateSecret", SecretId="db") == []
