"""The language of a form's policy: what S3 was seen to take, and its words for what it does not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.post_object import Form, check_policy

NOW = 1_700_000_000.0
UNTIL = "2023-11-14T22:13:21.000Z"
BUCKET = {"bucket": "b"}


def form(document: Any, size: int = 0, /, **fields: str) -> Form:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Form("b", {"policy": base64.b64encode(text).decode(), **fields}, b"x" * size)


def refusal(document: Any, size: int = 0, /, **fields: str) -> tuple[str, str]:
    with pytest.raises(AwsError) as raised:
        check_policy(form(document, size, **fields), NOW)
    return raised.value.code, raised.value.message


def policy(*conditions: Any, expiration: Any = UNTIL) -> dict[str, Any]:
    return {"expiration": expiration, "conditions": [BUCKET, *conditions]}


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ({"Key": "a"}, "a"),
        (["eq", "$KEY", "a"], "a"),
        (["starts-with", "$key", "a"], "a/b"),
        (["StArTs-WiTh", "$key", ""], ""),
    ],
)
def test_a_condition_covers_its_field_by_any_spelling_of_its_name(condition: Any, value: str) -> None:
    check_policy(form(policy(condition), key=value), NOW)


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ({"key": "A"}, '["eq", "$key", "A"]'),
        (["eq", "key", "a"], '["eq", "key", "a"]'),
        (["starts-with", "$key", "b"], '["starts-with", "$key", "b"]'),
        (["starts-with", "$absent", ""], '["starts-with", "$absent", ""]'),
        (["content-length-range", "test", "10"], '["content-length-range", "test", "10"]'),
        (["content-length-range", -1, 0], '["content-length-range", -1, 0]'),
    ],
)
def test_a_condition_that_fails_is_named(condition: Any, shown: str) -> None:
    message = f"Invalid according to Policy: Policy Condition failed: {shown}"
    assert refusal(policy(condition), key="a") == ("AccessDenied", message)


def test_each_of_several_content_types_must_be_allowed() -> None:
    condition = ["starts-with", "$Content-Type", "image/"]
    both, one = {"content-type": "image/png,image/gif"}, {"content-type": "image/png,text/html"}
    check_policy(form(policy(condition), 0, **both), NOW)
    assert refusal(policy(condition), 0, **one)[0] == "AccessDenied"


@pytest.mark.parametrize(("size", "code"), [(4, "EntityTooSmall"), (5, ""), (10, ""), (11, "EntityTooLarge")])
def test_the_limits_of_the_size_are_inclusive(size: int, code: str) -> None:
    for limits in ((5, 10), ("5", "10")):
        document = policy(["content-length-range", *limits])
        if code:
            assert refusal(document, size)[0] == code
        else:
            check_policy(form(document, size), NOW)


@pytest.mark.parametrize("expiration", ["2023-11-14T22:13:20Z", "2023-11-14T22:13:19.999Z", "2007-12-01T12:00:00.000Z"])
def test_a_policy_ends_at_its_expiration(expiration: str) -> None:
    assert refusal(policy(expiration=expiration)) == ("AccessDenied", "Invalid according to Policy: Policy expired.")


def test_attack_a_policy_for_any_bucket() -> None:
    document = {"expiration": UNTIL, "conditions": [{"key": "a"}]}
    assert refusal(document, key="a") == ("AccessDenied", "Invalid according to Policy: Extra input fields: bucket")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"{", "Invalid JSON."),
        (b"\xff", "Invalid JSON."),
        (b"[]", "Invalid JSON."),
        (b"[" * 15_000, "Invalid JSON."),
        (b'{"expiration": "x", "expiration": "y", "conditions": []}', "Invalid JSON."),
        ({"conditions": []}, "Policy missing expiration."),
        ({"expiration": UNTIL}, "Policy missing conditions."),
        ({"EXPIRATION": UNTIL, "conditions": []}, "Unexpected: 'EXPIRATION'"),
        ({"expiration": UNTIL, "conditions": [], "\ud800": 1}, "Unexpected: '\\ud800'"),
        ({"expiration": UNTIL, "conditions": {}}, "Invalid 'conditions' value: must be a List."),
        (policy(expiration="2033-11-14T22:13:20+02:00"), "Invalid 'expiration' value: '2033-11-14T22:13:20+02:00'"),
        (policy(expiration="2033-13-14T22:13:20Z"), "Invalid 'expiration' value: '2033-13-14T22:13:20Z'"),
        (policy(expiration=7), "Invalid 'expiration' value: 7"),
        (
            policy({"a": "b", "c": "d"}),
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (policy({"a": 1}), "Invalid Simple-Condition: value must be a string."),
        (policy("a"), "Invalid condition test: must be a List or Object."),
        (policy([]), "Invalid Condition: missing operation identifier."),
        (policy(["ends-with", "$key", "a"]), "Invalid Condition: unknown operation 'ends-with'."),
        (policy(["eq", "$key"]), "Invalid eq: wrong number of arguments."),
        (policy(["eq", "$key", 1]), "Invalid JSON."),
    ],
)
def test_what_is_no_policy_is_refused_by_name(document: Any, problem: str) -> None:
    assert refusal(document) == ("InvalidPolicyDocument", f"Invalid Policy: {problem}")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(conditions=json_values, expiration=json_values | st.just(UNTIL))
def test_any_json_is_an_answer_and_never_a_crash(conditions: Any, expiration: Any) -> None:
    with pytest.raises(AwsError) as raised:
        check_policy(form({"expiration": expiration, "conditions": conditions}, key="a"), NOW)
    assert raised.value.message.encode()
