"""What only a deploy knows never makes a finding; and nothing that a document may hold makes the linter fail."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.policy.lint import Stack, TemplateError, check, read_template
from localcloud.policy.lint.documents import OF_PRINCIPALS, OF_RESOURCES
from localcloud.policy.lint.node import Node, Place, from_json
from localcloud.policy.lint.stack import Resource
from localcloud.policy.lint.text import unknown
from tests.localcloud.policy.lint.bad_copies import TEMPLATE

some = settings(max_examples=60, deadline=None)

Path_ = tuple[str | int, ...]
LOOKED_AT = ("AWS::IAM::", "AWS::Cognito::", "AWS::S3::", "AWS::DynamoDB::", "AWS::Serverless::")


def paths(node: Node, path: Path_ = ()) -> Iterator[Path_]:
    yield path
    if isinstance(node.value, Mapping):
        for key, inner in node.value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(node.value, tuple):
        for at, inner in enumerate(node.value):
            yield from paths(inner, (*path, at))


def with_unknown(node: Node, path: Path_) -> Node:
    """The node with an unknown value at that path."""
    if not path:
        return Node(unknown("Parameter"), node.place)
    first, *rest = path
    if isinstance(node.value, Mapping):
        entries = node.value.items()
        return Node({k: with_unknown(v, tuple(rest)) if k == first else v for k, v in entries}, node.place)
    assert isinstance(node.value, tuple)
    items = (with_unknown(v, tuple(rest)) if at == first else v for at, v in enumerate(node.value))
    return Node(tuple(items), node.place)


def test_no_value_of_our_template_makes_a_finding_by_being_unknown() -> None:
    stack = read_template(TEMPLATE)
    looked_at = [each for each in stack.resources.values() if each.type.startswith(LOOKED_AT)]
    places = [(each, path) for each in looked_at for path in paths(each.properties) if path]
    for resource, path in random.sample(places, 50):
        changed = replace(resource, properties=with_unknown(resource.properties, path))
        assert check(Stack({**stack.resources, resource.name: changed})) == [], (resource.name, path)


UNKNOWN = """
Parameters:
  Anything: {Type: String}
  FromSsm: {Type: AWS::SSM::Parameter::Value<String>, Default: /some/name}
Conditions:
  Maybe: !Equals [!Ref Anything, "yes"]
  InChina: !Equals [!Ref AWS::Region, cn-north-1]
  Endless: !Not [!Condition Endless]
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: !If [Maybe, true, false]
      AllowClassicFlow: !If [Endless, true, false]
      CognitoIdentityProviders: !If [Maybe, [{ServerSideTokenCheck: false}], !Ref AWS::NoValue]
  Attachment:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {authenticated: !GetAtt Role.Arn, unauthenticated: !Ref Anything}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Anything, !ImportValue policy]
      MaxSessionDuration: !Ref FromSsm
      AssumeRolePolicyDocument:
        Version: !Ref Anything
        Statement:
          - Effect: Allow
            Principal: {Federated: !If [InChina, cognito-identity.amazonaws.com.cn, cognito-identity.amazonaws.com]}
            Action: !If [Maybe, sts:AssumeRoleWithWebIdentity, sts:AssumeRole]
            Condition: !If [Maybe, {StringEquals: {"a:aud": b}}, !Ref AWS::NoValue]
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"cognito-identity.amazonaws.com:aud": !Select [0, !Split [",", !Ref Anything]]}
              ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": !FindInMap [A, !Ref Anything, b]}
      Policies:
        - PolicyName: unknown
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - !If [Maybe, {Effect: Allow, Action: "*", Resource: "*"}, !Ref AWS::NoValue]
              - Effect: !Ref Anything
                Action: "*"
                Resource: "*"
              - Effect: Allow
                Action: [!Ref Anything, s3:GetObject, !Join ["", [s3, ":", !Ref Anything]]]
                Resource: [!Ref Anything, !Sub "${Anything}/x", !Sub "${FromSsm}", !ImportValue {Ref: Anything}]
                Condition: {"Fn::Transform": {Name: AWS::Include}}
              - Effect: Allow
                Action: s3:ListBucket
                Resource: !Sub "arn:aws:s3:::${Anything}"
                Condition: {StringLike: {s3:prefix: [!Ref Anything, !Sub "${Anything}", !Cidr [1, 2, 3]]}}
        - !Ref Anything
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Principal: !Ref Anything, Action: s3:GetObject, Resource: !Ref Anything}
  "Fn::ForEach::Things": [A, [b], {"Thing${A}": {Type: AWS::IAM::Role}}]
"""


def test_a_template_full_of_unknown_values_has_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "unknown.yaml"
    path.write_text(UNKNOWN)
    assert check(read_template(path)) == []
    cannot_tell = check(read_template(path), strict=True)
    assert {one.rule for one in cannot_tell} == {"unknown-value"}
    assert len(cannot_tell) > 10


@pytest.mark.parametrize(
    ("given_value", "rules"), [("yes", ["classic-flow-with-guests"]), ("no", [])], ids=["found", "not found"]
)
def test_parameters_decide_what_is_looked_at(given_value: str, rules: list[str], tmp_path: Path) -> None:
    path = tmp_path / "pool.yaml"
    path.write_text("""
Parameters: {Guests: {Type: String, Default: "no"}}
Conditions: {WithGuests: !And [!Equals [!Ref Guests, "yes"], !Not [!Equals [a, b]]]}
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowClassicFlow: true, AllowUnauthenticatedIdentities: !If [WithGuests, true, false]}
""")
    assert [one.rule for one in check(read_template(path, {"Guests": given_value}))] == rules


_NAMES = st.sampled_from(
    [
        *(
            "AssumeRolePolicyDocument",
            "Policies",
            "PolicyDocument",
            "Statement",
            "Effect",
            "Action",
            "Resource",
            "Roles",
        ),
        *("Condition", "StringLike", "ForAllValues:StringEquals", "Null", "Bool", "s3:prefix", "dynamodb:LeadingKeys"),
        *("Principal", "Federated", "AWS", "NotResource", "Version", "RoleMappings", "RulesConfiguration", "Rules"),
        *("IdentityPoolId", "authenticated", "unauthenticated", "PrincipalTags", "CognitoIdentityProviders", "Role"),
    ]
)
_TEXTS = st.sampled_from(
    [
        *(
            "Allow",
            "Deny",
            "*",
            "${",
            "${a",
            "${!a}",
            "${cognito-identity.amazonaws.com:sub}*",
            "arn:",
            "arn:aws:s3:::",
            "",
        ),
        *("arn:aws:dynamodb:::table/x/index/y", "s3:*", "dynamodb:Query", "sts:AssumeRoleWithWebIdentity", "Resource"),
        *("cognito-identity.amazonaws.com", "::::::", "arn:aws:iam::1:role/Resource", "2012-10-17", "\ud800", "é*?"),
    ]
)
_JSON = st.recursive(
    _TEXTS | st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=20,
)
_TYPES = st.sampled_from(
    [
        *(*OF_PRINCIPALS, *OF_RESOURCES, "AWS::IAM::Role", "AWS::Serverless::Function", "AWS::Cognito::IdentityPool"),
        *("AWS::Cognito::IdentityPoolRoleAttachment", "AWS::Cognito::IdentityPoolPrincipalTag", "AWS::DynamoDB::Table"),
        *("AWS::Cognito::UserPoolGroup", "AWS::Cognito::UserPoolClient", "AWS::Lambda::Function"),
    ]
)


@some
@given(st.dictionaries(st.sampled_from(["Resource", "Other", "Third"]), st.tuples(_TYPES, _JSON), min_size=1))
def test_no_json_value_makes_the_linter_fail(resources: dict[str, tuple[str, Any]]) -> None:
    stack = {
        name: Resource(name, kind, from_json(properties, name), name, Place(name, path="$"))
        for name, (kind, properties) in resources.items()
    }
    check(Stack(stack), strict=True)


@some
@given(
    st.integers(min_value=0), st.text(max_size=4) | st.sampled_from(["{", "]", "\n  ", "!", "&a ", "*a", ": ", "- "])
)
def test_no_slip_of_the_hand_makes_the_linter_fail(
    tmp_path_factory: pytest.TempPathFactory, place: int, typed: str
) -> None:
    good = TEMPLATE.read_text()
    path = tmp_path_factory.getbasetemp() / "slip.yaml"
    path.write_text(good[: place % len(good)] + typed + good[place % len(good) :], encoding="utf-8", errors="replace")
    try:
        check(read_template(path), strict=True)
    except TemplateError as error:
        said = str(error)
    else:
        return
    assert said.startswith(str(path))
