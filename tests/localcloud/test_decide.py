"""Shows `decide`: one answer for each line, in order, and a bad line spoils nothing but itself."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from localcloud.decide import answer, main

ACCOUNT = "111122223333"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/phone"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"


def document(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "*", "Resource": "*", **elements}
    return {"Version": "2012-10-17", "Statement": [{key: value for key, value in statement.items() if value}]}


def line(**parts: Any) -> dict[str, Any]:
    request = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": ACCOUNT}
    content = {"id": "1", "principal": {"type": "AWS", "value": SESSION}, "request": request | parts.pop("request", {})}
    return content | parts


def decision(**parts: Any) -> str | None:
    answered = answer(json.dumps(line(**parts)))
    assert answered["error"] is None, answered["error"]
    return answered["decision"]  # type: ignore[no-any-return]


def test_every_line_is_answered_in_order_and_a_bad_one_only_for_itself() -> None:
    good = [json.dumps(line(id=number, identity_policies=[document()])) for number in range(3)]
    lines = [good[0], "{not json", good[1], "", '"text"', good[2]]
    out = io.StringIO()
    assert main(io.StringIO("\n".join(lines) + "\n"), out) == 0
    answers = [json.loads(each) for each in out.getvalue().splitlines()]
    assert [each["id"] for each in answers] == [0, None, 1, None, None, 2]
    assert [each["decision"] for each in answers] == ["Allowed", None, "Allowed", None, None, "Allowed"]
    assert [bool(each["error"]) for each in answers] == [False, True, False, True, True, False]
    assert all(set(each) == {"id", "decision", "reasons", "error"} for each in answers)


def test_a_line_that_is_not_utf_8_spoils_only_itself() -> None:
    good = json.dumps(line(identity_policies=[document()])).encode()
    stdin, out = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n" + good), encoding="utf-8"), io.StringIO()
    assert main(stdin, out) == 0
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["error"]
    assert second["decision"] == "Allowed"


def test_reasons_name_the_policy_the_statement_and_why() -> None:
    answered = answer(json.dumps(line(identity_policies=[document(Sid="All", Action="ec2:*")])))
    assert answered["decision"] == "ImplicitDeny"
    assert answered["reasons"][0] == {
        "policy": "identity_policies[0]",
        "statement": "All",
        "effect": "Allow",
        "matched": False,
        "why": 'Action does not cover the request: "ec2:*"',
    }


def test_every_kind_of_policy_counts() -> None:
    other = document(Action="ec2:*")
    assert decision(identity_policies=[other, document()]) == "Allowed"
    assert decision(identity_policies=[document()], session_policies=[other]) == "ImplicitDeny"
    assert decision(identity_policies=[document()], session_policies=[other, document()]) == "Allowed"
    assert decision(identity_policies=[document()], permissions_boundaries=[other]) == "ImplicitDeny"
    assert decision(identity_policies=[document()], session_policies=[], permissions_boundaries=None) == "Allowed"
    assert decision(resource_policy=document(Principal={"AWS": SESSION})) == "Allowed"
    assert decision(identity_policies=[document()], resource_policy=document("Deny", Principal="*")) == "ExplicitDeny"
    assert decision() == "ImplicitDeny"


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"type": "AWS", "value": SESSION}, "Allowed"),
        ({"type": "AWS", "value": f"arn:aws:iam::{ACCOUNT}:user/ada"}, "Allowed"),
        ({"type": "AWS", "value": ROLE}, "Allowed"),
        ({"type": "AWS", "value": f"arn:aws:iam::{ACCOUNT}:root"}, "Allowed"),
        ({"type": "AWS", "value": ACCOUNT}, "Allowed"),
        ({"type": "Service", "value": "lambda.amazonaws.com"}, "Allowed"),
        ({"type": "Anonymous"}, "Allowed"),
        ({"type": "Anonymous", "value": None}, "Allowed"),
    ],
)
def test_every_type_of_principal_can_ask(principal: Any, expected: str) -> None:
    assert decision(principal=principal, resource_policy=document(Principal="*")) == expected


def test_the_resource_policy_of_an_assume_call_is_the_roles_trust_policy() -> None:
    provider = "cognito-identity.amazonaws.com"
    trust = document(Principal={"Federated": provider}, Action="sts:AssumeRoleWithWebIdentity", Resource=None)
    asked = {"action": "sts:AssumeRoleWithWebIdentity", "resource": ROLE}
    assert (
        decision(principal={"type": "Federated", "value": provider}, resource_policy=trust, request=asked) == "Allowed"
    )
    assert (
        decision(principal={"type": "Service", "value": provider}, resource_policy=trust, request=asked)
        == "ImplicitDeny"
    )


def test_context_values_are_one_or_several_and_may_be_json_scalars() -> None:
    condition = {"Bool": {"a:b": "true"}, "NumericEquals": {"a:n": "7"}, "ForAnyValue:StringEquals": {"a:s": "x"}}
    context = {"a:b": True, "a:n": 7, "a:s": ["x", "y"]}
    assert decision(identity_policies=[document(Condition=condition)], request={"context": context}) == "Allowed"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"session_policy": document()}, "unknown key `session_policy`"),
        ({"identity_policies": document()}, "identity_policies: must be a list"),
        ({"identity_policies": [7]}, "identity_policies[0]: must be an object"),
        ({"identity_policies": [document("Maybe")]}, "identity_policies[0]: statement #1: Effect"),
        ({"identity_policies": [document(Condition={"Is": {"a": "b"}})]}, "unknown condition operator `Is`"),
        ({"resource_policy": document()}, "resource_policy: statement #1: needs one of Principal"),
        ({"principal": None}, "principal: must be an object"),
        ({"principal": {"type": "User", "value": SESSION}}, "principal: unknown type `User`"),
        ({"principal": {"type": "AWS"}}, "`` names no AWS principal"),
        ({"principal": {"type": "AWS", "value": 7}}, "principal: value must be text"),
        ({"principal": {"type": "AWS", "value": "ada"}}, "`ada` is not the ARN"),
        ({"principal": {"type": "AWS", "value": SESSION, "tags": {}}}, "unknown key `tags`"),
        ({"request": {"action": "GetObject"}}, "request: action must be"),
        ({"request": {"resource": None}}, "request: resource must be"),
        ({"request": {"resource_account": 7}}, "request: resource_account must be text"),
        ({"request": {"context": []}}, "request: context must be an object"),
        ({"request": {"context": {"a:x": None}}}, "request: context: a:x: must be text"),
        ({"request": {"context": {"a:x": [{}]}}}, "request: context: a:x: must be text"),
        ({"request": {"region": "us-east-1"}}, "unknown key `region`"),
    ],
)
def test_what_cannot_be_read_gets_an_error_and_no_decision(parts: Any, problem: str) -> None:
    """The attack is a slip: a limit under a misspelt name would otherwise be passed over."""
    answered = answer(json.dumps(line(**parts)))
    assert problem in answered["error"]
    assert (answered["id"], answered["decision"], answered["reasons"]) == ("1", None, [])


@pytest.mark.parametrize("text", ["[" * 100_000, '{"id": 1, "id": 2}', "[]", "null", '{"id": "1"}', "1" * 5000])
def test_lines_that_are_no_request(text: str) -> None:
    answered = answer(text)
    assert answered["error"]
    assert answered["decision"] is None
