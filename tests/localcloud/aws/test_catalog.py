"""What the deciding parts read from the engine: policies as they were put, and nothing where there is nothing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.records import NOTHING
from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]}
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
WRITE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}


def managed(local: LocalEngine, name: str, document: Any) -> str:
    arn: str = local.call("iam", "CreatePolicy", PolicyName=name, PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    return arn


def make_role(local: LocalEngine, name: str, **more: Any) -> str:
    document = json.dumps(TRUST)
    arn: str = local.call("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"]
    return arn


def test_a_role_has_its_policies_its_trust_and_its_boundary(local: LocalEngine) -> None:
    attached, boundary = managed(local, "attached", READ), managed(local, "boundary", WRITE)
    arn = make_role(local, "complete", PermissionsBoundary=boundary, Tags=[{"Key": "a", "Value": "b"}])
    local.call("iam", "PutRolePolicy", RoleName="complete", PolicyName="own", PolicyDocument=json.dumps(WRITE))
    local.call("iam", "AttachRolePolicy", RoleName="complete", PolicyArn=attached)
    role = local.engine.role(arn)
    assert role is not None
    assert role == local.engine.role("complete")
    assert (role.arn, role.trust_policy, role.permissions_boundary) == (arn, TRUST, WRITE)
    assert (role.inline_policies, role.attached_policies) == ({"own": WRITE}, {attached: READ})
    assert (role.max_session_seconds, role.tags) == (3600, {"a": "b"})
    assert role.role_id.startswith("AROA")


def test_the_default_version_of_an_attached_policy_counts(local: LocalEngine) -> None:
    arn = managed(local, "versions", READ)
    make_role(local, "versioned")
    local.call("iam", "AttachRolePolicy", RoleName="versioned", PolicyArn=arn)
    local.call("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=json.dumps(WRITE), SetAsDefault=True)
    role = local.engine.role("versioned")
    assert role is not None
    assert role.attached_policies == {arn: WRITE}


def test_attack_a_role_under_another_path_or_account(local: LocalEngine) -> None:
    arn = make_role(local, "pathed", Path="/team/")
    assert local.engine.role(arn) is not None
    assert local.engine.role(arn.replace("/team/", "/")) is None
    assert local.engine.role(arn.replace(ACCOUNT, "111111111111")) is None
    assert local.engine.role("nobody") is None


def test_attack_a_boundary_that_is_not_there_stops_everything(local: LocalEngine) -> None:
    make_role(local, "bounded", PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/missing")
    role = local.engine.role("bounded")
    assert role is not None
    assert role.permissions_boundary == NOTHING


def test_a_user_has_the_policies_of_its_groups(local: LocalEngine) -> None:
    local.call("iam", "CreateUser", UserName="member")
    local.call("iam", "PutUserPolicy", UserName="member", PolicyName="own", PolicyDocument=json.dumps(READ))
    local.call("iam", "CreateGroup", GroupName="team")
    local.call("iam", "PutGroupPolicy", GroupName="team", PolicyName="own", PolicyDocument=json.dumps(WRITE))
    arn = managed(local, "for-the-group", READ)
    local.call("iam", "AttachGroupPolicy", GroupName="team", PolicyArn=arn)
    local.call("iam", "AddUserToGroup", GroupName="team", UserName="member")
    key = local.call("iam", "CreateAccessKey", UserName="member")["AccessKey"]
    user = local.engine.user_by_access_key(key["AccessKeyId"])
    assert user is not None
    assert (user.name, user.secret) == ("member", key["SecretAccessKey"])
    assert (user.inline_policies, user.attached_policies) == ({"own": READ, "team/own": WRITE}, {arn: READ})


def test_an_inactive_deleted_or_unknown_key_is_nobodys(local: LocalEngine) -> None:
    local.call("iam", "CreateUser", UserName="former")
    key = local.call("iam", "CreateAccessKey", UserName="former")["AccessKey"]["AccessKeyId"]
    local.call("iam", "UpdateAccessKey", UserName="former", AccessKeyId=key, Status="Inactive")
    assert local.engine.user_by_access_key(key) is None
    local.call("iam", "UpdateAccessKey", UserName="former", AccessKeyId=key, Status="Active")
    assert local.engine.user_by_access_key(key) is not None
    local.call("iam", "DeleteAccessKey", UserName="former", AccessKeyId=key)
    assert local.engine.user_by_access_key(key) is None
    assert local.engine.user_by_access_key("test") is None


def test_a_managed_policy_is_its_default_version(local: LocalEngine) -> None:
    arn = managed(local, "versioned", READ)
    local.call("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=json.dumps(WRITE), SetAsDefault=True)
    assert local.engine.managed_policy(arn) == WRITE
    assert local.engine.managed_policy("arn:aws:iam::aws:policy/AdministratorAccess") is not None
    assert local.engine.managed_policy(f"arn:aws:iam::{ACCOUNT}:policy/missing") is None


def test_the_tags_of_a_role(local: LocalEngine) -> None:
    arn = make_role(local, "tagged", Tags=[{"Key": "team", "Value": "red"}])
    assert local.engine.role_tags(arn) == {"team": "red"}
    assert local.engine.role_tags(arn.replace(ACCOUNT, "111111111111")) == {}


def test_policies_of_buckets_and_tables(local: LocalEngine) -> None:
    local.call("s3", "CreateBucket", Bucket="with-policy")
    assert local.engine.resource_policy("arn:aws:s3:::with-policy/k") is None
    local.call("s3", "PutBucketPolicy", Bucket="with-policy", Policy=json.dumps(READ))
    assert local.engine.resource_policy("arn:aws:s3:::with-policy/k") == READ
    assert local.engine.resource_policy("arn:aws:s3:::nothing") is None
    assert local.engine.resource_policy(f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/indexed") is None
    make_table(local, "guarded")
    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/guarded"
    local.call("dynamodb", "PutResourcePolicy", ResourceArn=table, Policy=json.dumps(WRITE))
    assert local.engine.resource_policy(table) == WRITE


def make_table(local: LocalEngine, name: str) -> None:
    attributes = [{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "other")]
    keys = [{"AttributeName": "sk", "KeyType": "RANGE"}, {"AttributeName": "pk", "KeyType": "HASH"}]
    index = {"IndexName": "by-other", "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}]}
    local.call(
        "dynamodb", "CreateTable", TableName=name, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=attributes,
        KeySchema=keys, GlobalSecondaryIndexes=[index | {"Projection": {"ProjectionType": "ALL"}}],
    )  # fmt: skip


def test_keys_of_tables_and_indexes(local: LocalEngine) -> None:
    make_table(local, "indexed")
    tables = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table"
    assert local.engine.key_schema(f"{tables}/indexed") == ("pk", "sk")
    assert local.engine.key_schema(f"{tables}/indexed", "by-other") == ("other",)
    assert local.engine.key_schema(f"{tables}/indexed", "nothing") == ()
    assert local.engine.key_schema(f"{tables}/nothing") == ()


def test_tags_of_objects_and_of_their_versions(local: LocalEngine) -> None:
    local.call("s3", "CreateBucket", Bucket="versioned")
    enabled = {"Status": "Enabled"}
    local.call("s3", "PutBucketVersioning", Bucket="versioned", VersioningConfiguration=enabled)
    first = local.call("s3", "PutObject", Bucket="versioned", Key="k", Body=b"1", Tagging="v=1")["VersionId"]
    local.call("s3", "PutObject", Bucket="versioned", Key="k", Body=b"2", Tagging="v=2")
    assert local.engine.object_tags("versioned", "k") == {"v": "2"}
    assert local.engine.object_tags("versioned", "k", first) == {"v": "1"}
    assert local.engine.object_tags("versioned", "nothing") == {}
    assert local.engine.object_tags("nothing", "k") == {}


def archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        content.writestr("a.py", text)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def function(local: LocalEngine) -> str:
    created = local.call(
        "lambda", "CreateFunction", FunctionName="uploaded", Runtime="python3.11", Handler="a.handler", Timeout=7,
        Role=f"arn:aws:iam::{ACCOUNT}:role/r", Code={"ZipFile": archive("one")}, Environment={"Variables": {"A": "b"}},
        MemorySize=256, Publish=True,
    )  # fmt: skip
    local.call("lambda", "CreateAlias", FunctionName="uploaded", Name="live", FunctionVersion="1")
    local.call("lambda", "UpdateFunctionCode", FunctionName="uploaded", ZipFile=archive("two"))
    arn: str = created["FunctionArn"]
    return arn.removesuffix(":1")


def test_a_function_is_what_its_runner_needs(local: LocalEngine, function: str) -> None:
    found = local.engine.function(function)
    assert found is not None
    assert (found.name, found.arn, found.handler, found.runtime) == ("uploaded", function, "a.handler", "python3.11")
    assert (found.timeout, found.memory_mb, found.environment) == (7.0, 256, {"A": "b"})
    assert (found.role_arn, found.log_group) == (f"arn:aws:iam::{ACCOUNT}:role/r", "/aws/lambda/uploaded")
    assert found == local.engine.function("uploaded")
    assert local.engine.function("nothing") is None
    assert local.engine.function(f"{function}:nothing") is None


def test_an_alias_gives_the_code_of_its_version(local: LocalEngine, function: str) -> None:
    latest, alias = local.engine.function(function), local.engine.function("uploaded:live")
    assert latest is not None
    assert alias is not None
    assert (latest.package / "a.py").read_text() == "two"
    assert (alias.package / "a.py").read_text() == "one"
    assert (alias.version, alias.arn) == ("1", f"{function}:live")


def test_attack_a_permission_on_the_alias_is_none_on_the_function(local: LocalEngine, function: str) -> None:
    local.call(
        "lambda", "AddPermission", FunctionName="uploaded", Qualifier="live", StatementId="one",
        Action="lambda:InvokeFunction", Principal="cognito-idp.amazonaws.com", SourceArn="arn:aws:cognito-idp:x",
    )  # fmt: skip
    assert local.engine.resource_policy(function) is None
    policy = local.engine.resource_policy(f"{function}:live")
    assert policy is not None
    assert [statement["Sid"] for statement in policy["Statement"]] == ["one"]


def test_attack_an_archive_that_names_a_folder_outside(local: LocalEngine, tmp_path: Path) -> None:
    from localcloud.aws.function_code import FunctionCode

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        content.writestr("../outside.py", "x")
    FunctionCode.read(buffer.getvalue()).unpack(tmp_path / "functions")
    assert not (tmp_path / "outside.py").exists()
    assert not (tmp_path / "functions" / "outside.py").exists()
