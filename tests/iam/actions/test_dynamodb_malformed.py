"""DynamoDB requests that are malformed, or that two readers could read in two ways, are never decided on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.iam.actions import checks
from localcloud.iam.actions.dynamodb import _DATA_OPERATIONS
from tests.iam.actions.dynamodb_requests import KEY, ME, TABLE, found, refused
from tests.iam.actions.fakes import RESOURCES, call


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
        ("UpdateTable", {"TableName": "table", "GlobalTableWitnessUpdates": [{}]}),
        ("CreateTable", {"TableName": "table", "GlobalTableSourceArn": "arn"}),
        ("DeleteBackup", {"BackupArn": "arn:aws:dynamodb:us-east-1:111111111111:table/table/backup/01"}),
        ("DeleteBackup", {"BackupArn": "arn:aws:dynamodb:us-east-1:000000000000:table/table"}),
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
    code = "ValidationException"
    try:
        checks(call("dynamodb", operation, {"TableName": "table", **params}, body=body), RESOURCES)
    except AwsError as error:
        code = error.code
    assert code in ("ValidationException", "SerializationException")
