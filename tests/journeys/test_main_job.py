"""The main job: sign-up, second factor, remembered device, scoped credentials, own data, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.people import Person
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module")
def ann(cloud: LocalCloud) -> Person:
    return Person.new(cloud, "ann@journeys.example.com")


@pytest.fixture(scope="module")
def bob(cloud: LocalCloud) -> Person:
    return Person.new(cloud, "bob@journeys.example.com")


def test_second_factor_and_remembered_device(cloud: LocalCloud, email: str) -> None:
    person = Person.new(cloud, email)
    person.enrol_totp()
    asked: list[str] = []

    def answer(ask: Any) -> str:
        asked.append(ask.kind)
        return person.answer(ask)

    first = person.client.sign_in(email, person.password, answer, remember=True)
    assert asked == ["totp_code"]
    second = person.client.sign_in(email, person.password, answer, device=first.device)
    assert asked == ["totp_code"], "a remembered device skips the second factor"
    renewed = person.client.refresh(second.tokens)
    assert renewed.access_token != second.tokens.access_token


def test_own_files_and_items_and_nobody_elses(cloud: LocalCloud, ann: Person, bob: Person) -> None:
    outputs = cloud.outputs
    identity, other = ann.identity(), bob.identity()
    bucket, own = outputs["UserDataBucket"], f"private/{identity.identity_id}"
    s3 = identity.client("s3")
    s3.put_object(Bucket=bucket, Key=f"{own}/note.txt", Body=b"mine")
    assert s3.get_object(Bucket=bucket, Key=f"{own}/note.txt")["Body"].read() == b"mine"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=f"{own}/")["Contents"]] == [
        f"{own}/note.txt"
    ]

    foreign = other.client("s3")
    for call, arguments in (
        (foreign.get_object, {"Key": f"{own}/note.txt"}),
        (foreign.head_object, {"Key": f"{own}/note.txt"}),
        (foreign.put_object, {"Key": f"{own}/note.txt", "Body": b"theirs"}),
        (foreign.delete_object, {"Key": f"{own}/note.txt"}),
        (foreign.list_objects_v2, {"Prefix": f"{own}/"}),
        (foreign.list_objects_v2, {}),
        (foreign.copy_object, {"Key": f"private/{other.identity_id}/x", "CopySource": f"{bucket}/{own}/note.txt"}),
    ):
        assert code_of(call, Bucket=bucket, **arguments) in ("AccessDenied", "403")
    assert s3.get_object(Bucket=bucket, Key=f"{own}/note.txt")["Body"].read() == b"mine"


def test_own_partition_and_nobody_elses(cloud: LocalCloud, ann: Person, bob: Person) -> None:
    table, mine, theirs = cloud.outputs["UserDataTable"], ann.identity(), bob.identity()
    dynamodb = mine.client("dynamodb")
    own = {"pk": {"S": mine.identity_id}, "sk": {"S": "a"}}
    foreign = {"pk": {"S": theirs.identity_id}, "sk": {"S": "a"}}
    dynamodb.put_item(TableName=table, Item={**own, "text": {"S": "hello"}})
    assert dynamodb.get_item(TableName=table, Key=own)["Item"]["text"] == {"S": "hello"}
    found = dynamodb.query(
        TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": own["pk"]}
    )
    assert found["Count"] == 1
    for call, arguments in (
        (dynamodb.get_item, {"TableName": table, "Key": foreign}),
        (dynamodb.put_item, {"TableName": table, "Item": foreign}),
        (dynamodb.delete_item, {"TableName": table, "Key": foreign}),
        (
            dynamodb.query,
            {
                "TableName": table,
                "KeyConditionExpression": "#k = :p",
                "ExpressionAttributeNames": {"#k": "pk"},
                "ExpressionAttributeValues": {":p": foreign["pk"]},
            },
        ),
        (dynamodb.scan, {"TableName": table}),
        (dynamodb.batch_get_item, {"RequestItems": {table: {"Keys": [own, foreign]}}}),
        (
            dynamodb.batch_write_item,
            {"RequestItems": {table: [{"PutRequest": {"Item": own}}, {"DeleteRequest": {"Key": foreign}}]}},
        ),
        (
            dynamodb.transact_write_items,
            {
                "TransactItems": [
                    {"Put": {"TableName": table, "Item": own}},
                    {"Delete": {"TableName": table, "Key": foreign}},
                ]
            },
        ),
        (dynamodb.execute_statement, {"Statement": f"SELECT * FROM \"{table}\" WHERE pk = '{theirs.identity_id}'"}),
    ):
        assert code_of(call, **arguments) == "AccessDeniedException"


def test_a_denied_call_says_which_permission_was_missing(cloud: LocalCloud, ann: Person) -> None:
    with pytest.raises(ClientError) as raised:
        ann.identity().client("dynamodb").scan(TableName=cloud.outputs["UserDataTable"])
    message = raised.value.response["Error"]["Message"]
    assert "is not authorized to perform: dynamodb:Scan" in message
    assert "because no identity-based policy allows the dynamodb:Scan action" in message
