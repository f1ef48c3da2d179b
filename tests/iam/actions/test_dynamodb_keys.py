"""The partition of a DynamoDB request is found in whatever way it is written, and no other one passes for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.iam.actions.dynamodb_requests import ME, YOU, keys, only, refused


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pk = :me", ("me",)),
        (":me = pk", ("me",)),
        ("#p = :me", ("me",)),
        ("(pk = :me)", ("me",)),
        ("(#p=:me)AND(begins_with(sk,:x))", ("me",)),
        ("sk BETWEEN :x AND :y AND pk = :me", ("me",)),
        ("sk > :x and (pk = :me)", ("me",)),
        (":x <= sk AND :me=#p", ("me",)),
        (" \n pk\t=\r:me ", ("me",)),
        # two partitions, none, or a condition in which the key only seems to be fixed
        ("pk = :me OR pk = :you", None),
        ("pk = :me OR sk = :x", None),
        ("(pk = :me) OR (pk = :you)", None),
        ("pk = :me AND pk = :you", None),
        ("pk = :me AND #p = :you", None),
        ("NOT pk = :me", None),
        ("NOT (pk = :me)", None),
        ("pk <> :me", None),
        ("pk > :me", None),
        ("begins_with(pk, :me)", None),
        ("pk BETWEEN :me AND :you", None),
        ("pk IN (:me, :you)", None),
        ("contains(pk, :me)", None),
        ("attribute_exists(pk) AND pk = :me", None),
        ("size(pk) = :me", None),
        ("sk = :x", None),
        ("pk = :me AND mail = :x", None),
        ("pk = sk", None),
        (":me = :me", None),
        ("pk.x = :me", None),
        ("pk[0] = :me", None),
        ("pk = :me AND", None),
        ("pk = :me sk = :x", None),
        ("pk = :me; pk = :you", None),
        ("pk = :me -- x", None),
        ("((((((((((((pk = :me))))))))))))", None),
        ("(pk = :me", None),
        ("pk = :nothing", None),
        ("#nothing = :me", None),
        ("", None),
        ("   ", None),
        ("pk = :two", None),
        ("pk = :list", None),
        ("pk = :empty", None),
        ("(" * 5000, None),
    ],
)
def test_rule_66_the_partition_of_a_key_condition(expression: str, expected: tuple[str, ...] | None) -> None:
    params = {
        "TableName": "table",
        "KeyConditionExpression": expression,
        "ExpressionAttributeNames": {"#p": "pk"},
        "ExpressionAttributeValues": {
            ":me": ME,
            ":you": YOU,
            ":x": {"S": "x"},
            ":y": {"S": "y"},
            ":two": {"S": "me", "N": "1"},
            ":list": {"L": [ME]},
            ":empty": {"S": ""},
        },
    }
    if expected is None:
        assert refused("Query", **params)
    else:
        assert keys(only("Query", **params)) == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [ME]}}, ("me",)),
        (
            {
                "sk": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [YOU]},
                "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [ME]},
            },
            ("me",),
        ),
        ({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [ME, YOU]}}, None),
        ({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": []}}, None),
        ({"pk": {"ComparisonOperator": "IN", "AttributeValueList": [ME]}}, None),
        ({"pk": {"ComparisonOperator": "NE", "AttributeValueList": [ME]}}, None),
        ({"pk": {"AttributeValueList": [ME]}}, None),
        ({"sk": {"ComparisonOperator": "EQ", "AttributeValueList": [ME]}}, None),
        ({"pk": "EQ"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_rule_66_legacy_key_conditions(conditions: Any, expected: tuple[str, ...] | None) -> None:
    if expected is None:
        assert refused("Query", TableName="table", KeyConditions=conditions)
    else:
        assert keys(only("Query", TableName="table", KeyConditions=conditions)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "me "}, ("me ",)),
        ({"N": "1"}, ("1",)),
        ({"N": "1.0"}, ("1", "1.0")),
        ({"N": "10e-1"}, ("1", "10e-1")),
        ({"N": "-0"}, ("0", "-0")),
        ({"N": "1E+3"}, ("1000", "1E+3")),
        ({"N": "12345678901234567890123456789012345678"}, ("12345678901234567890123456789012345678",)),
        ({"N": "0.00000000000000000001"}, ("0.00000000000000000001",)),
        ({"B": "dGVhbQ=="}, ("dGVhbQ==", "team")),
        ({"B": "dGVhbR=="}, ("dGVhbQ==", "team")),
        ({"B": "/w=="}, ("/w==", "\\xff")),
        ({"S": "me", "N": None}, ("me",)),
        ({"N": "123456789012345678901234567890123456789"}, None),
        ({"N": "1e126"}, None),
        ({"N": "1e99999"}, None),
        ({"N": "NaN"}, None),
        ({"N": "1_0"}, None),
        ({"N": "１"}, None),
        ({"N": 1}, None),
        ({"B": "A"}, None),
        ({"B": "ü"}, None),
        ({"BOOL": True}, None),
        ({"S": ""}, None),
        ({"S": "me", "N": "1"}, None),
        ({"S": ["me"]}, None),
        ({"S": {"S": "me"}}, None),
        ({"X": "me"}, None),
        ({}, None),
        (None, None),
        ("me", None),
        ([ME], None),
    ],
)
def test_a_key_value_has_every_text_that_aws_may_compare(value: Any, expected: tuple[str, ...] | None) -> None:
    """Rule 66: how numbers and bytes are compared is not documented, so a rule must hold for all the forms."""
    if expected is None:
        assert refused("GetItem", TableName="table", Key={"pk": value})
    else:
        assert keys(only("GetItem", TableName="table", Key={"pk": value})) == expected
