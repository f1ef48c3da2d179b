"""The stack deploys from the very template that goes to AWS, changes in place, refuses what it cannot do, by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.stack import StackError
from tests.localcloud.aws.local_engine import COGNITO_TYPES, LocalEngine, template_copy
from tests.localcloud.aws.samples import POLICY

OUTPUTS = {
    *("Region", "UserPoolId", "AppClientId", "IdentityPoolId", "UserDataBucket", "UserDataTable", "AppDataTable"),
    *("ApiUrl", "CutOffFunction", "HostedUiUrl"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return template_copy(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="module")
def outputs(local: LocalEngine, files: tuple[Path, Path]) -> dict[str, str]:
    return local.deploy(*files)


def resources(local: LocalEngine, stack: str = "gatehouse") -> dict[str, str]:
    found = local.call("cloudformation", "DescribeStackResources", StackName=stack)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def change_parameter(path: Path, name: str, value: str) -> None:
    entries = [
        entry | ({"ParameterValue": value} if entry["ParameterKey"] == name else {})
        for entry in json.loads(path.read_text())
    ]
    path.write_text(json.dumps(entries))


def test_the_template_deploys_and_names_all_outputs(outputs: dict[str, str]) -> None:
    assert outputs.keys() == OUTPUTS
    assert outputs["UserDataBucket"] == "gatehouse-local-000000000000-us-east-1"
    assert outputs["ApiUrl"].startswith("http://127.0.0.1:4599/_aws/execute-api/")
    assert outputs["ApiUrl"].endswith("/$default")


def test_types_of_our_own_get_the_properties_as_written(outputs: dict[str, str]) -> None:
    properties = COGNITO_TYPES["AWS::Cognito::UserPool"].given["UserPool"]
    assert properties["UserPoolName"] == "gatehouse-local"
    assert properties["UserPoolTags"] == {"Project": "gatehouse", "Stage": "local"}
    assert properties["LambdaConfig"]["PreSignUp"].endswith(":function:gatehouse-local-pre-sign-up:live")


def test_a_second_deploy_changes_nothing_and_does_not_start_sam(
    local: LocalEngine, files: tuple[Path, Path], outputs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resources(local)
    assert local.deploy(*files) == outputs
    monkeypatch.setattr("asyncio.create_subprocess_exec", None)
    lines: list[str] = []
    assert local.deploy(*files, on_event=lines.append) == outputs
    assert (resources(local), lines) == (before, [])


def test_a_changed_parameter_updates_in_place(
    local: LocalEngine, files: tuple[Path, Path], outputs: dict[str, str]
) -> None:
    before = resources(local)
    change_parameter(files[1], "LogRetentionDays", "14")
    lines: list[str] = []
    assert local.deploy(*files, on_event=lines.append) == outputs
    # Functions publish a version, so that their alias takes a changed environment along.
    changed = {name for name, _ in resources(local).items() ^ before.items()}
    assert all("FunctionVersion" in name for name in changed)
    assert any("ApiLogs (AWS::Logs::LogGroup)" in line for line in lines)
    groups = local.call("logs", "DescribeLogGroups", logGroupNamePrefix="/aws/lambda/gatehouse")["logGroups"]
    assert {group["retentionInDays"] for group in groups} == {14}


def test_a_changed_build_publishes_a_version_and_the_alias_follows(
    local: LocalEngine, files: tuple[Path, Path], outputs: dict[str, str]
) -> None:
    def alias() -> Any:
        return local.call("lambda", "GetAlias", FunctionName="gatehouse-local-api", Name="live")["FunctionVersion"]

    before = alias()
    build = files[0].parent.parent / "build" / "api"
    (build / "handler.py").write_text("def handler(event, context): return 1\n")
    local.deploy(*files)
    assert int(alias()) == int(before) + 1
    record = local.engine.function("gatehouse-local-api:live")
    assert record is not None
    assert (record.package, record.version) == (build, alias())


def test_a_failure_names_the_resource_and_leaves_the_stack_as_it_was(local: LocalEngine, tmp_path: Path) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "steady-bucket"}}
    local.deploy_resources({"Good": bucket}, tmp_path, "steady")
    broken = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "p",
            "Roles": ["nobody"],
            "PolicyDocument": POLICY,
        },
    }
    with pytest.raises(StackError, match=r"resource `Bad` \(AWS::IAM::Policy\): .*nobody"):
        local.deploy_resources({"Good": bucket, "Bad": broken}, tmp_path, "steady")
    assert resources(local, "steady") == {"Good": "steady-bucket"}


def test_a_failed_first_deploy_can_be_repeated(local: LocalEngine, tmp_path: Path) -> None:
    kept = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "Properties": {"BucketName": "kept-bucket", "Tags": [{"Key": "a", "Value": "b"}]},
    }
    bad = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Fn::GetAtt": ["Kept", "Nothing"]}}}
    with pytest.raises(StackError, match="Nothing"):
        local.deploy_resources({"Kept": kept, "Bad": bad}, tmp_path, "repeat")
    local.deploy_resources({"Kept": kept}, tmp_path, "repeat")
    assert resources(local, "repeat") == {"Kept": "kept-bucket"}


def test_a_bucket_with_objects_is_not_deleted(local: LocalEngine, tmp_path: Path) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "full-bucket"}}
    other = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "other"}}
    local.deploy_resources({"Full": bucket, "Other": other}, tmp_path, "full")
    local.call("s3", "PutObject", Bucket="full-bucket", Key="a", Body=b"x")
    local.deploy_resources({"Other": other}, tmp_path, "full")
    assert local.call("s3", "GetObject", Bucket="full-bucket", Key="a")["ContentLength"] == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Resources: [unclosed", r"backend.yaml, line \d+: "),
        ("Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n  A: {Type: 'AWS::S3::Bucket'}", "line 3: 'A' comes twice"),
        ("Outputs: {}", "no Resources"),
        ("Resources: {A: 1}", "resource `A`"),
        ("\t", "backend.yaml"),
        ("[" * 100_000, "backend.yaml: is nested too deep"),
    ],
)
def test_a_broken_template_is_one_clear_line(local: LocalEngine, tmp_path: Path, text: str, reason: str) -> None:
    template, parameters = template_copy(tmp_path)
    template.write_text(text)
    with pytest.raises(StackError, match=reason) as raised:
        local.deploy(template, parameters)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Nmae": "x"}, "the template has no parameter `Nmae`"),
        ({}, "parameter `Name` has no value, and the template no default for it"),
    ],
)
def test_parameters_must_fit_the_template(
    local: LocalEngine, tmp_path: Path, values: dict[str, str], reason: str
) -> None:
    template, parameters = tmp_path / "t.yaml", tmp_path / "p.json"
    defaults = "" if values else "  Name: {Type: String}\n"
    template.write_text(f"Parameters:\n  Other: {{Type: String, Default: a}}\n{defaults}Resources: {{}}\n")
    parameters.write_text(json.dumps([{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()]))
    with pytest.raises(StackError, match=reason):
        local.deploy(template, parameters)


def test_a_parameter_file_that_is_no_list_is_one_clear_line(local: LocalEngine, tmp_path: Path) -> None:
    template, parameters = template_copy(tmp_path)
    for text in ("{", "{}", "[1]", '[{"ParameterKey": "a"}]'):
        parameters.write_text(text)
        with pytest.raises(StackError, match=r"local\.json"):
            local.deploy(template, parameters)


def test_a_missing_build_says_what_to_do(local: LocalEngine, tmp_path: Path) -> None:
    template, parameters = template_copy(tmp_path)
    (tmp_path / "build" / "api").rmdir()
    with pytest.raises(StackError, match=r"resource `ApiFunction`: CodeUri `\.\./build/api`: .*make package"):
        local.deploy(template, parameters)


def test_what_sam_refuses_is_told(local: LocalEngine, tmp_path: Path) -> None:
    template, parameters = template_copy(tmp_path)
    template.write_text(template.read_text().replace("      Handler: api.handler.handler\n", "      Handlr: x\n"))
    with pytest.raises(StackError, match=r"ApiFunction.*Handlr"):
        local.deploy(template, parameters)


def test_a_property_that_would_be_dropped_stops_the_deploy(local: LocalEngine, tmp_path: Path) -> None:
    template, parameters = template_copy(tmp_path)
    text = template.read_text().replace("      BucketEncryption:\n", "      BucketEncrpytion:\n")
    template.write_text(text.replace("PointInTimeRecoveryEnabled: true", "RecoveryPeriodInDays: 7"))
    with pytest.raises(StackError) as raised:
        local.deploy(template, parameters, stack_name="never")
    assert str(raised.value).splitlines()[0] == (
        "resource `UserDataBucket` (AWS::S3::Bucket): property `BucketEncrpytion` is not supported by the local cloud; "
        "did you mean `BucketEncryption`?"
    )
    assert "property `PointInTimeRecoverySpecification.RecoveryPeriodInDays` is not supported" in str(raised.value)


def test_a_type_that_the_local_cloud_does_not_have_stops_the_deploy(local: LocalEngine, tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"resource `Topic` \(AWS::SNS::Topic\): this type is not supported"):
        local.deploy_resources({"Topic": {"Type": "AWS::SNS::Topic"}}, tmp_path, "topic")


def test_the_same_refusals_meet_who_deploys_through_the_api(local: LocalEngine) -> None:
    body = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"Nope": 1}}}})
    with pytest.raises(Exception, match="property `Nope` is not supported by the local cloud"):
        local.call("cloudformation", "CreateStack", StackName="direct", TemplateBody=body)
