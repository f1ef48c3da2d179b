"""Ways round a leading key: each reaches for somebody else's items, over a socket, rightly signed (rules 62-68)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local_cloud import LocalCloud
from tests.robustness.place import SECRET, Place, make_place
from tests.robustness.wire import signed_call

REFUSED = {"AccessDenied", "AccessDeniedException", "ValidationException", "SerializationException"}


@pytest.fixture(scope="module")
def place(cloud: LocalCloud) -> Place:
    return make_place(cloud)


def test_the_caller_has_what_is_its_own(place: Place) -> None:
    """Or else the tests below would show nothing."""
    key = {"pk": {"S": "me"}, "sk": {"S": "a"}}
    assert place.dynamodb("GetItem", {"TableName": "PLACE", "Key": key}).json["Item"]["secret"] == {"S": "mine"}
    own = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "me"}}}
    assert place.dynamodb("Query", {"TableName": "PLACE", **own}).json["Count"] == 1
    statement = {"Statement": "SELECT * FROM \"PLACE\" WHERE pk = 'me'"}
    assert len(place.dynamodb("ExecuteStatement", statement).json["Items"]) == 1
    both = {"PLACE": {"Keys": [key]}, "PLACE-other": {"Keys": [{"pk": {"S": "me"}}]}}
    assert set(place.dynamodb("BatchGetItem", {"RequestItems": both}).json["Responses"]) == {
        place.name, f"{place.name}-other",
    }  # fmt: skip


ME, YOU = {"S": "me"}, {"S": "you"}
YOURS = {"pk": YOU, "sk": {"S": "a"}}
MINE = {"pk": ME, "sk": {"S": "a"}}
P = {":p": YOU, ":m": ME}


def query(expression: str, **more: Any) -> tuple[str, dict[str, Any]]:
    used = {name: value for name, value in P.items() if name in expression}
    return "Query", {"KeyConditionExpression": expression, "ExpressionAttributeValues": used, **more}


def legacy(operator: str, *values: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    condition = {"ComparisonOperator": operator, "AttributeValueList": list(values)}
    return "Query", {"KeyConditions": {"pk": condition}, **more}


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {"Key": YOURS}),
        ("GetItem", {"Key": YOURS, "ProjectionExpression": "secret"}),
        ("GetItem", {"Key": YOURS, "ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": "secret"}}),
        ("GetItem", {"Key": YOURS, "AttributesToGet": ["secret"]}),
        ("GetItem", {"Key": {"PK": ME, **YOURS}}),
        ("GetItem", {"Key": YOURS, "key": MINE}),
        ("GetItem", {"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/PLACE", "Key": YOURS}),
        ("UpdateItem", {"Key": YOURS, "UpdateExpression": "SET secret = :m", "ExpressionAttributeValues": {":m": ME}}),
        ("UpdateItem", {"Key": YOURS, "AttributeUpdates": {"secret": {"Action": "PUT", "Value": ME}}}),
        ("UpdateItem", {"Key": YOURS, "AttributeUpdates": {}, "ReturnValues": "ALL_OLD"}),
        ("PutItem", {"Item": {**YOURS, "secret": ME}}),
        ("PutItem", {"Item": {**YOURS, "secret": ME}, "Expected": {"pk": {"Exists": False}}}),
        ("PutItem", {"Item": YOURS, "ConditionExpression": "attribute_not_exists(pk)",
                     "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
        ("DeleteItem", {"Key": YOURS}),
        ("DeleteItem", {"Key": YOURS, "Expected": {"sk": {"Value": {"S": "z"}}}, "ReturnValues": "ALL_OLD"}),
        query("pk = :p"),
        query(":p = pk"),
        query("((pk = :p))"),
        query("pk = :m OR pk = :p"),
        query("pk = :m AND pk = :p"),
        query("pk = :p AND pk = :m"),
        query("pk >= :m"),
        query("begins_with(pk, :p)"),
        query("pk BETWEEN :m AND :p"),
        query("pk IN (:m, :p)"),
        query("NOT pk = :m"),
        query("pk <> :m"),
        query("pk = :p", Select="COUNT"),
        query("pk = :p", Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="secret"),
        query("pk = :p", IndexName="by-mail"),
        query("#p = :p", ExpressionAttributeNames={"#p": "pk"}),
        query("pk = :m", KeyConditions={"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [YOU]}}),
        ("Query", {"IndexName": "by-mail", "KeyConditionExpression": "mail = :a",
                   "ExpressionAttributeValues": {":a": {"S": "you@example.com"}}}),
        ("Query", {"IndexName": "by-mail", "KeyConditionExpression": "mail = :a AND pk = :m",
                   "ExpressionAttributeValues": {":a": {"S": "you@example.com"}, ":m": ME}}),
        legacy("EQ", YOU),
        legacy("EQ", ME, YOU),
        legacy("GE", ME),
        legacy("BEGINS_WITH", {"S": "y"}),
        legacy("IN", ME, YOU),
        legacy("NE", ME),
        legacy("EQ", YOU, Select="COUNT"),
        legacy("EQ", YOU, AttributesToGet=["secret"]),
        ("Scan", {}),
        ("Scan", {"Select": "COUNT"}),
        ("Scan", {"IndexName": "by-mail"}),
        ("Scan", {"FilterExpression": "pk = :m", "ExpressionAttributeValues": {":m": ME}}),
        ("Scan", {"ScanFilter": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [ME]}}}),
        ("Scan", {"Segment": 0, "TotalSegments": 1}),
        ("BatchGetItem", {"RequestItems": {"PLACE": {"Keys": [MINE, YOURS]}}}),
        ("BatchGetItem", {"RequestItems": {"PLACE": {"Keys": [MINE]}, "PLACE-other": {"Keys": [{"pk": YOU}]}}}),
        ("BatchGetItem", {"RequestItems": {
            "PLACE": {"Keys": [MINE]},
            "arn:aws:dynamodb:us-east-1:000000000000:table/PLACE": {"Keys": [YOURS]}}}),
        ("BatchGetItem", {"RequestItems": {"PLACE": {"Keys": [YOURS], "AttributesToGet": ["secret"]}}}),
        ("BatchWriteItem", {"RequestItems": {"PLACE": [{"PutRequest": {"Item": MINE}},
                                                       {"DeleteRequest": {"Key": YOURS}}]}}),
        ("BatchWriteItem", {"RequestItems": {"PLACE": [{"PutRequest": {"Item": MINE},
                                                        "DeleteRequest": {"Key": YOURS}}]}}),
        ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "PLACE", "Key": key}} for key in (MINE, YOURS)]}),
        ("TransactWriteItems", {"TransactItems": [
            {"Put": {"TableName": "PLACE-other", "Item": {"pk": ME}}},
            {"Delete": {"TableName": "PLACE", "Key": YOURS}}]}),
        ("TransactWriteItems", {"TransactItems": [
            {"ConditionCheck": {"TableName": "PLACE", "Key": YOURS, "ConditionExpression": "secret = :m",
                                "ExpressionAttributeValues": {":m": ME},
                                "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "PLACE", "Item": MINE},
                                                   "Delete": {"TableName": "PLACE", "Key": YOURS}}]}),
    ],
)  # fmt: skip
def test_dynamodb(place: Place, operation: str, params: dict[str, Any]) -> None:
    named = {} if operation.startswith(("Batch", "Transact")) else {"TableName": "PLACE"}
    answer = place.dynamodb(operation, {**named, **params})
    assert (answer.status, answer.code in REFUSED) == (400, True), answer.body
    assert SECRET.encode() not in answer.body
    assert place.is_untouched()


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        ('SELECT * FROM "PLACE" WHERE pk = \'you\'', []),
        ('SELECT secret FROM "PLACE" WHERE pk = ?', [YOU]),
        ('SELECT * FROM "PLACE"', []),
        ('SELECT * FROM "PLACE" WHERE secret <> \'x\'', []),
        ('SELECT * FROM "PLACE" WHERE pk IN (\'me\', \'you\')', []),
        ('SELECT * FROM "PLACE" WHERE pk IN [\'me\', \'you\']', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'me\' OR pk = \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE (pk = \'me\') OR (pk = \'you\')', []),
        ('SELECT * FROM "PLACE" WHERE NOT pk = \'me\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'you\' AND sk = \'me\' OR pk = \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE "PK" = \'me\'', []),
        ('SELECT * FROM "PLACE" WHERE "pk" = \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'me\' /* */ OR pk = \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'you\' -- pk = \'me\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'me\'; SELECT * FROM "PLACE"', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'me\'\' OR pk = \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = \'\'\'me\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = "me"', []),
        ('SELECT * FROM "PLACE" WHERE pk.x = \'me\'', []),
        ('SELECT * FROM "PLACE" WHERE begins_with(pk, \'y\')', []),
        ('SELECT * FROM "PLACE" WHERE pk BETWEEN \'me\' AND \'you\'', []),
        ('SELECT * FROM "PLACE" WHERE pk >= \'me\'', []),
        ('SELECT * FROM "PLACE"."by-mail" WHERE mail = \'you@example.com\'', []),
        ('SELECT * FROM "PLACE"."by-mail" WHERE pk = \'me\'', []),
        ('SELECT * FROM "PLACE"."by-mail" WHERE mail = \'you@example.com\' AND pk = \'me\'', []),
        ('SELECT * FROM "PLACE" WHERE pk = ?', [ME, YOU]),
        ('SELECT * FROM "PLACE" WHERE pk = ?', [{"S": "me", "N": "1"}]),
        ('UPDATE "PLACE" SET secret = \'x\' WHERE pk = \'you\' AND sk = \'a\'', []),
        ('UPDATE "PLACE" SET secret = \'x\' WHERE pk = \'you\' AND sk = \'a\' RETURNING ALL OLD *', []),
        ('UPDATE "PLACE" SET pk = \'me\' WHERE pk = \'you\' AND sk = \'a\'', []),
        ('DELETE FROM "PLACE" WHERE pk = \'you\' AND sk = \'a\'', []),
        ('DELETE FROM "PLACE" WHERE pk = \'you\' AND sk = \'a\' RETURNING ALL OLD *', []),
        ('INSERT INTO "PLACE" VALUE {\'pk\': \'you\', \'sk\': \'b\'}', []),
        ('INSERT INTO "PLACE" VALUE {\'pk\': \'me\', \'sk\': \'b\', \'pk\': \'you\'}', []),
        ('EXISTS(SELECT * FROM "PLACE" WHERE pk = \'you\' AND sk = \'a\')', []),
    ],
)  # fmt: skip
def test_partiql(place: Place, statement: str, parameters: list[Any]) -> None:
    one = {"Statement": statement, **({"Parameters": parameters} if parameters else {})}
    mine = {"Statement": "SELECT * FROM \"PLACE\" WHERE pk = 'me' AND sk = 'a'"}
    for operation, params in (
        ("ExecuteStatement", one),
        ("BatchExecuteStatement", {"Statements": [mine, one]}),
        ("ExecuteTransaction", {"TransactStatements": [mine, one]}),
    ):
        answer = place.dynamodb(operation, params)
        assert SECRET.encode() not in answer.body
        assert answer.status == 400 or b"you" not in answer.body, answer.body
    assert place.is_untouched()


PK_TWICE = '{"pk": {"S": "me"}, "pk": {"S": "you"}, "sk": {"S": "a"}}'
ONE, OTHER = json.dumps(MINE), json.dumps(YOURS)


@pytest.mark.parametrize(
    "members",
    [
        f'"Key": {ONE}, "Key": {OTHER}',
        f'"Key": {PK_TWICE}',
        '"Key": {"pk": {"S": "me", "S": "you"}, "sk": {"S": "a"}}',
        f'"K\\u0065y": {ONE}, "Key": {OTHER}',
    ],
)
def test_names_that_come_twice(place: Place, members: str) -> None:
    body = place.named(f'{{"TableName": "PLACE", {members}}}').encode()
    answer = signed_call(place.cloud.port, "dynamodb", "GetItem", body, keys=place.keys)
    assert (answer.status, answer.code) == (400, "SerializationException")
