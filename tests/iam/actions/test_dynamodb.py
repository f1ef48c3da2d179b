"""DynamoDB requests become the right action, resource, partition keys and attributes, whatever way they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.iam.actions import Check
from localcloud.iam.actions.dynamodb import _DATA_OPERATIONS, checks
from tests.iam.actions.fakes import RESOURCES, call

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/table"
OTHER = "arn:aws:dynamodb:us-east-1:000000000000:table/other"
ME, YOU = {"S": "me"}, {"S": "you"}
KEY = {"pk": ME, "sk": {"S": "1"}}


def found(operation: str, **params: Any) -> list[Check]:
    return checks(call("dynamodb", operation, params), RESOURCES)


def only(operation: str, **params: Any) -> Check:
    (check,) = found(operation, **params)
    return check


def refused(operation: str, **params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        found(operation, **params)
    assert caught.value.code in ("ValidationException", "SerializationException")
    return caught.value.message


def keys(check: Check) -> Any:
    return check.context.get("dynamodb:LeadingKeys")


@pytest.mark.parametrize(
    ("operation", "params", "context"),
    [
        (
            "GetItem",
            {"Key": KEY},
            {"LeadingKeys": ("me",), "Attributes": ("pk", "sk"), "Select": "ALL_ATTRIBUTES"},
        ),
        (
            "GetItem",
            {"Key": KEY, "ProjectionExpression": "#a.b[0], c", "ExpressionAttributeNames": {"#a": "x.y"}},
            {"LeadingKeys": ("me",), "Attributes": ("c", "pk", "sk", "x.y"), "Select": "SPECIFIC_ATTRIBUTES"},
        ),
        (
            "PutItem",
            {"Item": {**KEY, "role": {"S": "admin"}}, "ReturnConsumedCapacity": "TOTAL"},
            {
                "LeadingKeys": ("me",),
                "Attributes": ("pk", "role", "sk"),
                "ReturnValues": "NONE",
                "ReturnConsumedCapacity": "TOTAL",
            },
        ),
        (
            "UpdateItem",
            {
                "Key": KEY,
                "UpdateExpression": "SET a.b = if_not_exists(c, :v) + d REMOVE e[1], remove ADD #f :v DELETE g :v",
                "ConditionExpression": "attribute_exists(pk) AND NOT h IN (:v) AND size (i) BETWEEN :v AND :w",
                "ExpressionAttributeNames": {"#f": "F"},
                "ReturnValues": "ALL_OLD",
            },
            {
                "LeadingKeys": ("me",),
                "Attributes": ("F", "a", "c", "d", "e", "g", "h", "i", "pk", "remove", "sk"),
                "ReturnValues": "ALL_OLD",
            },
        ),
        (
            "DeleteItem",
            {"Key": KEY, "Expected": {"owner": {"Value": ME}}},
            {"LeadingKeys": ("me",), "Attributes": ("owner", "pk", "sk"), "ReturnValues": "NONE"},
        ),
        (
            "Scan",
            {"FilterExpression": "pk = :me"},
            {"Attributes": ("pk",), "Select": "ALL_ATTRIBUTES"},
        ),
        (
            "Scan",
            {"AttributesToGet": ["a"], "Select": "SPECIFIC_ATTRIBUTES"},
            {"Attributes": ("a",), "Select": "SPECIFIC_ATTRIBUTES"},
        ),
    ],
)
def test_context_of_single_calls(operation: str, params: dict[str, Any], context: dict[str, Any]) -> None:
    for name in ("table", TABLE):
        check = only(operation, TableName=name, **params)
        assert (check.action, check.resource) == (f"dynamodb:{operation}", TABLE)
        assert check.context == {f"dynamodb:{key}": value for key, value in context.items()}


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
def test_the_partition_of_a_key_condition(expression: str, expected: tuple[str, ...] | None) -> None:
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
def test_legacy_key_conditions(conditions: Any, expected: tuple[str, ...] | None) -> None:
    if expected is None:
        assert refused("Query", TableName="table", KeyConditions=conditions)
    else:
        assert keys(only("Query", TableName="table", KeyConditions=conditions)) == expected


def test_an_index_is_a_resource_of_its_own_with_its_own_partition_key() -> None:
    params = {
        "TableName": "table",
        "IndexName": "by-mail",
        "ExpressionAttributeValues": {":m": {"S": "a@example.com"}, ":me": ME},
    }
    check = only("Query", KeyConditionExpression="mail = :m AND pk = :me", **params)
    assert check.resource == f"{TABLE}/index/by-mail"
    assert keys(check) == ("a@example.com",)
    assert check.context["dynamodb:Select"] == "ALL_PROJECTED_ATTRIBUTES"
    # the table's partition key fixes nothing on the index
    assert "mail" in refused("Query", KeyConditionExpression="pk = :me", **params)
    assert only("Scan", TableName="table", IndexName="by-mail").resource == f"{TABLE}/index/by-mail"


def test_a_batch_is_decided_once_for_each_table_with_all_its_keys() -> None:
    read, other = found(
        "BatchGetItem",
        RequestItems={
            TABLE: {"Keys": [KEY, {"pk": YOU, "sk": ME}, KEY], "ProjectionExpression": "a"},
            "other": {"Keys": [{"id": {"N": "7.0"}}]},
        },
    )
    assert (read.action, read.resource, keys(read)) == ("dynamodb:BatchGetItem", TABLE, ("me", "you"))
    assert read.context["dynamodb:Attributes"] == ("a", "pk", "sk")
    assert read.context["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"
    assert (other.resource, keys(other)) == (OTHER, ("7",))

    written = only(
        "BatchWriteItem",
        RequestItems={"table": [{"PutRequest": {"Item": {**KEY, "x": ME}}}, {"DeleteRequest": {"Key": {"pk": YOU}}}]},
    )
    assert (written.action, keys(written)) == ("dynamodb:BatchWriteItem", ("me", "you"))
    assert written.context["dynamodb:Attributes"] == ("pk", "sk", "x")


def test_a_transaction_is_decided_item_by_item() -> None:
    update = {"TableName": "table", "Key": KEY, "UpdateExpression": "SET a = :v"}
    put = {"TableName": "table", "Item": {"pk": YOU}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    condition = {"TableName": "other", "Key": {"id": {"B": "AQI="}}, "ConditionExpression": "attribute_exists(id)"}
    decided = found(
        "TransactWriteItems",
        TransactItems=[
            {"Update": update},
            {"Put": put},
            {"Delete": {"TableName": "table", "Key": KEY}},
            {"ConditionCheck": condition},
        ],
    )
    assert [(c.action.partition(":")[2], keys(c), c.context["dynamodb:ReturnValues"]) for c in decided] == [
        ("UpdateItem", ("me",), "NONE"),
        ("PutItem", ("you",), "NONE"),
        # the old item comes back when the condition fails: a read, so it is asked for
        ("PutItem", ("you",), "ALL_OLD"),
        ("DeleteItem", ("me",), "NONE"),
        ("ConditionCheckItem", ("AQI=",), "NONE"),
    ]
    assert {c.context["dynamodb:EnclosingOperation"] for c in decided} == {"TransactWriteItems"}
    read = only("TransactGetItems", TransactItems=[{"Get": {"TableName": "table", "Key": KEY}}])
    assert (read.action, read.context["dynamodb:EnclosingOperation"]) == ("dynamodb:GetItem", "TransactGetItems")


def test_a_write_that_gives_the_old_item_back_on_failure_is_asked_for_that_too() -> None:
    plain, failing = found("PutItem", TableName="table", Item=KEY, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert plain.context["dynamodb:ReturnValues"] == "NONE"
    assert failing.context["dynamodb:ReturnValues"] == "ALL_OLD"


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "Query"])
def test_a_table_that_is_not_there_matches_no_rule_by_leading_key(operation: str) -> None:
    values = {":me": ME}
    check = only(operation, TableName="absent", Key=KEY, Item=KEY) if operation != "Query" else only(
        operation, TableName="absent", KeyConditionExpression="pk = :me", ExpressionAttributeValues=values
    )  # fmt: skip
    assert keys(check) == ("",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "me "}, "me "),
        ({"N": "1"}, "1"),
        ({"N": "1.0"}, "1"),
        ({"N": "10e-1"}, "1"),
        ({"N": "-0"}, "0"),
        ({"N": "1E+3"}, "1000"),
        ({"N": "12345678901234567890123456789012345678"}, "12345678901234567890123456789012345678"),
        ({"N": "0.00000000000000000001"}, "0.00000000000000000001"),
        ({"B": "AQI="}, "AQI="),
        ({"S": "me", "N": None}, "me"),
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
def test_key_values_have_one_text(value: Any, expected: str | None) -> None:
    if expected is None:
        assert refused("GetItem", TableName="table", Key={"pk": value})
    else:
        assert keys(only("GetItem", TableName="table", Key={"pk": value})) == (expected,)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {"TableName": "table", "Key": {"sk": ME}}),
        ("GetItem", {"TableName": "table", "Key": {}}),
        ("GetItem", {"TableName": "table"}),
        ("GetItem", {"TableName": "table", "Key": [KEY]}),
        ("GetItem", {"TableName": 5, "Key": KEY}),
        ("GetItem", {"TableName": True, "Key": KEY}),
        ("GetItem", {"TableName": ["table"], "Key": KEY}),
        ("GetItem", {"Key": KEY}),
        ("GetItem", {"TableName": "table/index/by-mail", "Key": KEY}),
        ("GetItem", {"TableName": "ta*", "Key": KEY}),
        ("GetItem", {"TableName": "", "Key": KEY}),
        ("GetItem", {"TableName": f"{TABLE}/index/by-mail", "Key": KEY}),
        ("GetItem", {"TableName": "table", "Key": KEY, "ProjectionExpression": ""}),
        ("GetItem", {"TableName": "table", "Key": KEY, "ProjectionExpression": 5}),
        ("GetItem", {"TableName": "table", "Key": KEY, "ProjectionExpression": "a", "AttributesToGet": ["a"]}),
        ("GetItem", {"TableName": "table", "Key": KEY, "AttributesToGet": [5]}),
        ("GetItem", {"TableName": "table", "Key": KEY, "ExpressionAttributeNames": "x"}),
        ("PutItem", {"TableName": "table", "Item": KEY, "ReturnValues": "EVERYTHING"}),
        ("PutItem", {"TableName": "table", "Item": KEY, "ConditionExpression": "a = :v", "Expected": {}}),
        ("UpdateItem", {"TableName": "table", "Key": KEY, "UpdateExpression": "SET #x = :v"}),
        ("Query", {"TableName": "table", "KeyConditionExpression": "pk = :v"}),
        ("Query", {"TableName": "table"}),
        ("Scan", {"TableName": "table", "IndexName": "../other"}),
        ("Scan", {"TableName": "table", "IndexName": 1}),
        ("Scan", {"TableName": "table", "Select": "all"}),
        # to pass as a narrow read and be given every attribute
        ("Scan", {"TableName": "table", "Select": "SPECIFIC_ATTRIBUTES"}),
        ("Scan", {"TableName": "table", "Select": "ALL_ATTRIBUTES", "ProjectionExpression": "a"}),
        ("BatchGetItem", {"RequestItems": {}}),
        ("BatchGetItem", {"RequestItems": []}),
        ("BatchGetItem", {"RequestItems": {"table": {"Keys": []}}}),
        ("BatchGetItem", {"RequestItems": {"table": {}}}),
        ("BatchGetItem", {"RequestItems": {"table": [KEY]}}),
        ("BatchGetItem", {"RequestItems": {"table": {"Keys": [KEY, {"sk": ME}]}}}),
        ("BatchWriteItem", {"RequestItems": {"table": []}}),
        ("BatchWriteItem", {"RequestItems": {"table": [{}]}}),
        ("BatchWriteItem", {"RequestItems": {"table": [{"PutRequest": {"Item": KEY}, "DeleteRequest": {"Key": KEY}}]}}),
        ("BatchWriteItem", {"RequestItems": {"table": [{"PutRequest": {"Key": KEY}}]}}),
        ("BatchWriteItem", {"RequestItems": {"table": [{"UpdateRequest": {"Key": KEY}}]}}),
        ("TransactWriteItems", {"TransactItems": []}),
        ("TransactWriteItems", {"TransactItems": [None]}),
        ("TransactWriteItems", {"TransactItems": [{"Get": {"TableName": "table", "Key": KEY}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "table", "Item": KEY}, "Delete": {}}]}),
        ("TransactGetItems", {"TransactItems": [{"Delete": {"TableName": "table", "Key": KEY}}]}),
        ("TagResource", {"ResourceArn": "table"}),
        ("TagResource", {"ResourceArn": TABLE, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}),
    ],
)
def test_malformed_requests_get_dynamodbs_errors(operation: str, params: dict[str, Any]) -> None:
    assert refused(operation, **params)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {"TableName": "arn:aws:dynamodb:us-east-1:111111111111:table/table", "Key": KEY}),
        ("GetItem", {"TableName": "arn:aws:dynamodb:eu-west-1:000000000000:table/table", "Key": KEY}),
        ("GetItem", {"TableName": "arn:aws:s3:::table", "Key": KEY}),
        ("Query", {"TableName": "wide", "IndexName": "many", "KeyConditions": {"a": {"ComparisonOperator": "EQ", "AttributeValueList": [ME]}}}),
        ("TagResource", {"ResourceArn": "arn:aws:dynamodb:us-east-1:111111111111:table/table"}),
        ("UpdateTable", {"TableName": "table", "ReplicaUpdates": [{}]}),
        ("ImportTable", {}),
        ("SearchVectors", {"TableName": "table"}),
        ("getitem", {"TableName": "table", "Key": KEY}),
    ],
)  # fmt: skip
def test_what_is_not_understood_has_no_check(operation: str, params: dict[str, Any]) -> None:
    assert found(operation, **params) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"TableName": "table", "Key": {"pk": {"S": "me"}}, "Key": {"pk": {"S": "you"}}}',
        b'{"TableName": "table", "Key": {"pk": {"S": "me"}, "pk": {"S": "you"}}}',
        b'{"TableName": "table", "Key": {"pk": {"S": "me", "S": "you"}}}',
        b'{"TableName": "table", "\\u004bey": {}, "Key": {"pk": {"S": "you"}}}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"{",
    ],
)
def test_a_body_that_two_readers_could_read_in_two_ways_is_refused(body: bytes) -> None:
    params = {"TableName": "table", "Key": {"pk": ME}}
    with pytest.raises(AwsError) as caught:
        checks(call("dynamodb", "GetItem", params, body=body), RESOURCES)
    assert caught.value.code == "SerializationException"


@pytest.mark.parametrize(
    ("operation", "params", "expected"),
    [
        ("DescribeTable", {"TableName": TABLE}, [("DescribeTable", TABLE)]),
        ("DeleteTable", {"TableName": "table"}, [("DeleteTable", TABLE)]),
        ("ListTables", {}, [("ListTables", "*")]),
        ("PutResourcePolicy", {"ResourceArn": TABLE}, [("PutResourcePolicy", TABLE)]),
        (
            "CreateTable",
            {"TableName": "table", "Tags": [{"Key": "a", "Value": "1"}], "ResourcePolicy": "{}"},
            [("CreateTable", TABLE), ("TagResource", TABLE), ("PutResourcePolicy", TABLE)],
        ),
        ("UntagResource", {"ResourceArn": TABLE, "TagKeys": ["a"]}, [("UntagResource", TABLE)]),
    ],
)
def test_calls_about_tables(operation: str, params: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    decided = found(operation, **params)
    assert [(c.action, c.resource) for c in decided] == [(f"dynamodb:{action}", arn) for action, arn in expected]
    if operation == "CreateTable":
        assert decided[0].context == {"aws:TagKeys": ("a",), "aws:RequestTag/a": "1"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just("table"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "TableName", "IndexName", "Key", "Item", "Keys", "RequestItems", "TransactItems", "Statement", "Statements",
        "KeyConditionExpression", "KeyConditions", "ProjectionExpression", "Select", "Expected", "Parameters",
        "ExpressionAttributeNames", "ExpressionAttributeValues", "UpdateExpression", "ReturnValues", "AttributesToGet",
    ]
)  # fmt: skip


@given(operation=st.sampled_from(sorted(_DATA_OPERATIONS)), params=st.dictionaries(NAMES, JSON, max_size=6))
def test_no_request_ends_in_anything_but_an_aws_error(operation: str, params: dict[str, Any]) -> None:
    body = json.dumps({"TableName": "table", **params}).encode()
    try:
        checks(call("dynamodb", operation, {"TableName": "table", **params}, body=body), RESOURCES)
    except AwsError as error:
        assert error.code in ("ValidationException", "SerializationException")
