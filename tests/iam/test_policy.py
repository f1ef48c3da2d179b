"""Shows which documents are policies, and that any other is refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.iam import Policies, PolicyError, compile_policy, decide
from tests.iam.scenario import allow, document, only, request


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([], "must be an object"),
        ("not JSON", "Expecting value"),
        ("[" * 100_000, "nested too deep"),
        ('{"Statement": [], "Statement": []}', "`Statement` comes twice"),
        ({}, "Statement is missing"),
        ({"Version": "2012-10-17"}, "Statement is missing"),
        ({"Statement": [], "Verison": "2012-10-17"}, "unknown element `Verison`"),
        ({"Statement": [], "Version": "2012-10-18"}, "Version: `2012-10-18` is none of"),
        ({"Statement": [], "Version": 2012}, "Version: `2012` is none of"),
        ({"Statement": [], "Version": None}, "Version: `None` is none of"),
        (document("all"), "statement #1: must be an object"),
        (document(allow(), allow(Sid=7)), "statement #2: Sid: must be text"),
        (document(allow(Sid="Own", Efect="Allow")), "statement Own: unknown element `Efect`"),
        (document(only("allow", Action="*", Resource="*")), "Effect: `allow` is neither"),
        (document({"Action": "*", "Resource": "*"}), "Effect: `None` is neither"),
        (document(allow("GetObject")), "Action: `getobject` has no service before a colon"),
        (document(allow([])), "Action: must be text or a list of it"),
        (document(allow({"s3": "*"})), "Action: must be text or a list of it"),
        (document(allow(["s3:*", 7])), "Action: must be text or a list of it"),
        (document(allow(resource="")), "Resource: must be text or a list of it"),
        (document(allow(resource="photos/*")), "Resource: `photos/*` is neither an ARN nor `*`"),
        (document(allow(resource="arn:aws:s3")), "Resource: `arn:aws:s3` is neither an ARN nor `*`"),
        (document(allow(Condition=[])), "Condition: must be an object"),
        (document(allow(Condition={"StringEquals": "x"})), "Condition: StringEquals: must be an object of keys"),
        (document(allow(Condition={"StringEquals": {"a:x": []}})), "Condition: StringEquals: a:x: no value"),
        (document(allow(Condition={"StringEquals": {"a:x": {}}})), "neither text, number nor truth value"),
        (document(allow(Condition={"StringEquals": {"a:x": [None]}})), "neither text, number nor truth value"),
        (document(allow(Condition={"StringIs": {"a:x": "1"}})), "unknown condition operator `StringIs`"),
    ],
)
def test_a_document_that_is_no_policy_is_refused_by_name(content: Any, problem: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        compile_policy(content, "own-data")
    assert problem in str(refusal.value)
    assert str(refusal.value).startswith("own-data: ")


def test_a_resource_policy_needs_a_principal() -> None:
    for kind in ("resource", "trust"):
        elements = {"Resource": "*"} if kind == "resource" else {}
        with pytest.raises(PolicyError, match="needs one of Principal and NotPrincipal"):
            compile_policy(document(only("Allow", Action="*", **elements)), kind=kind)


def test_a_policy_may_come_as_its_json_text_and_may_be_empty() -> None:
    text = json.dumps(document(allow()) | {"Id": "of-a-bucket"})
    assert decide(request(), Policies((compile_policy(text),))).allowed
    assert not decide(request(), Policies((compile_policy(document()),))).allowed


def test_an_empty_condition_changes_nothing() -> None:
    conditions: tuple[dict[str, Any], ...] = ({}, {"StringEquals": {}})
    for condition in conditions:
        assert decide(request(), Policies((compile_policy(document(allow(Condition=condition))),))).allowed
