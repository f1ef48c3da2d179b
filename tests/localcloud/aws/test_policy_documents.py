"""Policies that AWS would not store: refused with the policy, the statement and the element that is wrong."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.aws.policy_documents import check, size
from localcloud.iam.policy import PolicyError, PolicyKind

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
EVERYONE = {**ALLOW, "Principal": "*"}
COGNITO = {
    "Effect": "Allow",
    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
}
CONDITION = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"}}


def document(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


@pytest.mark.parametrize(
    ("wrong", "kind", "place"),
    [
        ("{", "identity", "p: "),
        ("[]", "identity", "p: must be an object"),
        (document(), "identity", "p: Statement: must not be empty"),
        (document(ALLOW, Version="2012-10-18"), "identity", "p: Version: `2012-10-18`"),
        (document(ALLOW, {**ALLOW, "Effect": "allow"}), "identity", "p: statement #2: Effect: `allow`"),
        (document({**ALLOW, "Sid": "One", "Actoin": "s3:*"}), "identity", "p: statement One: unknown element `Actoin`"),
        (document({**ALLOW, "Resource": "b/*"}), "identity", "p: statement #1: Resource: "),
        (document({**ALLOW, "Condition": {"StringLik": {"a": "b"}}}), "identity", "p: statement #1: Condition: "),
        (document(EVERYONE), "identity", "p: statement #1: a policy of a principal names no Principal"),
        (document(ALLOW), "resource", "p: statement #1: needs one of Principal and NotPrincipal"),
        (
            document({**COGNITO, "Resource": "*", "Condition": CONDITION}),
            "trust",
            "p: statement #1: a trust policy has",
        ),
        (
            document({**ALLOW, "Sid": "A"}, {**ALLOW, "Sid": "A"}),
            "identity",
            "p: statement A: Sid: Statement IDs (SID)",
        ),
        (document({**ALLOW, "Sid": "own files"}), "identity", "p: statement own files: Sid: Statement IDs (SID) must"),
        (document(COGNITO), "trust", "p: statement #1: Condition: A condition block must be present for the Cognito"),
    ],
)
def test_the_place_is_named(wrong: Any, kind: PolicyKind, place: str) -> None:
    for written in (wrong, wrong if isinstance(wrong, str) else json.dumps(wrong)):
        with pytest.raises(PolicyError) as raised:
            check(written, "p", kind)
        assert str(raised.value).startswith(place)


@pytest.mark.parametrize(
    ("right", "kind"),
    [
        (document(ALLOW, ALLOW), "identity"),
        ({"Statement": ALLOW}, "identity"),
        (document({**EVERYONE, "Sid": "spaces are fine here"}), "resource"),
        (document({**COGNITO, "Condition": CONDITION}, {**COGNITO, "Effect": "Deny"}), "trust"),
    ],
)
def test_what_aws_takes_is_taken(right: Any, kind: PolicyKind) -> None:
    check(right, "p", kind)


@pytest.mark.parametrize("resource", ["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::?/a"])
def test_a_bucket_policy_is_about_its_bucket(resource: str) -> None:
    check(document({**EVERYONE, "Resource": resource}), "p", "resource", bucket="b")


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::other/*", "arn:aws:s3:::bb", "arn:aws:sqs:us-east-1:1:b"])
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_a_bucket_policy_about_something_else(resource: str, element: str) -> None:
    statement = {name: value for name, value in EVERYONE.items() if name != "Resource"}
    with pytest.raises(PolicyError, match=rf"p: statement #1: {element}: Policy has invalid resource"):
        check(document({**statement, element: ["arn:aws:s3:::b", resource]}), "p", "resource", bucket="b")


def test_white_space_takes_nothing_of_a_quota() -> None:
    assert size(document(ALLOW)) == size(json.dumps(document(ALLOW), indent=8))


def test_a_document_nested_too_deep_is_no_crash() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(PolicyError):
        size({"Statement": deep})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["Sid", "Principal"]), inner)
    ),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(sid=JSON, principal=JSON, resource=JSON, kind=st.sampled_from(["identity", "resource", "trust"]))
def test_any_json_is_taken_or_a_policy_error(sid: Any, principal: Any, resource: Any, kind: PolicyKind) -> None:
    statement = {**ALLOW, "Sid": sid, "Principal": principal, "Resource": resource}
    with contextlib.suppress(PolicyError):
        check(document(statement), "p", kind, bucket="b")
