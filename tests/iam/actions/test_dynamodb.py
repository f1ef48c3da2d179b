"""DynamoDB requests become the right action, resource, partition keys and attributes."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam import Policy
from tests.iam.actions.dynamodb_requests import KEY, ME, OTHER, TABLE, YOU, found, keys, only, refused
from tests.iam.scenario import allow, judge, policy, request


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
    """Rules 62, 66-68: the action of the same name, and what the request is about; a Scan has no partition."""
    for name in ("table", TABLE):
        check = only(operation, TableName=name, **params)
        assert (check.action, check.resource) == (f"dynamodb:{operation}", TABLE)
        assert check.context == {f"dynamodb:{key}": value for key, value in context.items()}


def test_rule_62_an_index_is_a_resource_of_its_own_with_its_own_partition_key() -> None:
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


def test_rule_63_a_batch_is_decided_once_for_each_table_with_all_its_keys() -> None:
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
    assert (other.resource, keys(other)) == (OTHER, ("7", "7.0"))

    written = only(
        "BatchWriteItem",
        RequestItems={"table": [{"PutRequest": {"Item": {**KEY, "x": ME}}}, {"DeleteRequest": {"Key": {"pk": YOU}}}]},
    )
    assert (written.action, keys(written)) == ("dynamodb:BatchWriteItem", ("me", "you"))
    assert written.context["dynamodb:Attributes"] == ("pk", "sk", "x")


def test_rule_64_a_transaction_is_decided_item_by_item() -> None:
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
        ("ConditionCheckItem", ("AQI=", "\x01\x02"), "NONE"),
    ]
    assert {c.context["dynamodb:EnclosingOperation"] for c in decided} == {"TransactWriteItems"}
    read = only("TransactGetItems", TransactItems=[{"Get": {"TableName": "table", "Key": KEY}}])
    assert (read.action, read.context["dynamodb:EnclosingOperation"]) == ("dynamodb:GetItem", "TransactGetItems")


def test_rule_67_what_a_request_does_not_mention_is_not_asked_for_so_policies_ask_for_select() -> None:
    """Attack: no projection at all, which gives every attribute and mentions none but the keys."""
    names = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "name"]}}
    careless = policy(allow("dynamodb:GetItem", Condition=names))
    careful = policy(
        allow(
            "dynamodb:GetItem",
            Condition={**names, "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}},
        )
    )

    def may(own: Policy, **params: Any) -> bool:
        check = only("GetItem", TableName="table", Key=KEY, **params)
        return judge(request(check.action, check.resource, context=check.context), own).allowed

    asked = [{"ProjectionExpression": "name.first"}, {"ProjectionExpression": "name, salary"}, {}]
    assert [may(careless, **params) for params in asked] == [True, False, True]
    assert [may(careful, **params) for params in asked] == [True, False, False]


def test_rule_68_select_is_of_reads_and_return_values_is_of_writes() -> None:
    values = {":m": {"S": "a@example.com"}}
    query = {"TableName": "table", "IndexName": "by-mail", "KeyConditionExpression": "mail = :m"}
    for asked, select in (({"Select": "COUNT"}, "COUNT"), ({}, "ALL_PROJECTED_ATTRIBUTES")):
        read = only("Query", ExpressionAttributeValues=values, **query, **asked).context
        assert (read["dynamodb:Select"], "dynamodb:ReturnValues" in read) == (select, False)
    written = only("DeleteItem", TableName="table", Key=KEY, ReturnConsumedCapacity="INDEXES").context
    assert (written["dynamodb:ReturnValues"], "dynamodb:Select" in written) == ("NONE", False)
    assert written["dynamodb:ReturnConsumedCapacity"] == "INDEXES"


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
