"""A template that refers to what is not there: each reference is named, by resource and property."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.aws.references import unresolved
from localcloud.aws.template import read_template
from tests.local_cloud import ROOT
from tests.localcloud.aws.local_engine import LocalEngine

BUCKET = "AWS::S3::Bucket"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"Name": {"Ref": "Buckt"}}, "Name"),
        ({"A": [{"B": {"Fn::GetAtt": ["Buckt", "Arn"]}}]}, "A.B"),
        ({"A": {"Fn::GetAtt": "Buckt.Arn"}}, "A"),
        ({"A": {"Fn::Sub": "${Buckt.Arn}/*"}}, "A"),
        ({"A": {"Fn::Sub": ["${Own}-${Buckt}", {"Own": "x"}]}}, "A"),
        ({"A": {"Fn::Sub": ["${Own}", {"Own": {"Ref": "Buckt"}}]}}, "A.Own"),
        ({"A": {"Fn::If": ["Yes", {"Ref": "Buckt"}, {"Ref": "AWS::NoValue"}]}}, "A"),
        ({"A": {"Fn::Join": ["", ["a", {"Ref": "Buckt"}]]}}, "A"),
    ],
)
def test_a_reference_to_nothing_is_named(value: dict[str, Any], path: str) -> None:
    template = {"Resources": {"Bucket": {"Type": BUCKET}, "Other": {"Type": BUCKET, "Properties": value}}}
    assert unresolved(template) == [
        f"resource `Other`: `{path}` refers to `Buckt`, which is not there; did you mean `Bucket`?"
    ]


def test_outputs_and_depends_on_count_too() -> None:
    template = {
        "Resources": {"Bucket": {"Type": BUCKET, "DependsOn": ["Bucket", "Zzz"]}},
        "Outputs": {"Name": {"Value": {"Ref": "Yyy"}}},
    }
    assert unresolved(template) == [
        "resource `Bucket`: `DependsOn` refers to `Zzz`, which is not there",
        "output `Name`: `Value` refers to `Yyy`, which is not there",
    ]


def test_policy_variables_and_pseudo_parameters_are_no_references() -> None:
    text = "${!cognito-identity.amazonaws.com:sub}/${AWS::Region}/${Stage}"
    properties = {"A": {"Fn::Sub": text}, "B": {"Ref": "AWS::AccountId"}, "C": "${cognito-identity.amazonaws.com:sub}"}
    template = {"Parameters": {"Stage": {}}, "Resources": {"Bucket": {"Type": BUCKET, "Properties": properties}}}
    assert unresolved(template) == []


def test_our_template_has_none_but_those_that_sam_resolves() -> None:
    problems = unresolved(read_template(ROOT / "cloudformation" / "backend.yaml"))
    assert [problem for problem in problems if "Function.Alias`, which is not there" not in problem] == []


def test_it_stops_a_deploy_before_anything_is_made(local: LocalEngine) -> None:
    named = {"Type": BUCKET, "Properties": {"BucketName": {"Ref": "Nope"}}}
    body = json.dumps({"Resources": {"First": {"Type": BUCKET}, "Second": named}})
    with pytest.raises(Exception, match="resource `Second`: `BucketName` refers to `Nope`"):
        local.call("cloudformation", "CreateStack", StackName="dangling", TemplateBody=body)
