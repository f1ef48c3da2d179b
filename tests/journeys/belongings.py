"""What an identity has in the bucket and in the table, put there and read with keys of its own or with the root's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auth import Identity
from tests.journeys.people import Person, root_client
from tests.local_cloud import LocalCloud


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything of one identity: files by `private/…` name, items by sort key."""

    files: dict[str, bytes]
    items: dict[str, Any]

    @property
    def names(self) -> tuple[list[str], list[str]]:
        return sorted(self.files), sorted(self.items)


NOTHING = Belongings({}, {})


def having(person: Person) -> Identity:
    """The person's identity, which it has and the map knows."""
    identity = person.identity()
    identity.client("sts").get_caller_identity()
    return identity


def give(cloud: LocalCloud, owner: Identity, files: dict[str, bytes], items: dict[str, str]) -> None:
    """Put files and items there, as their owner does."""
    s3, dynamodb, own = owner.client("s3"), owner.client("dynamodb"), owner.identity_id
    for name, body in files.items():
        s3.put_object(Bucket=cloud.outputs["UserDataBucket"], Key=f"private/{own}/{name}", Body=body)
    for name, text in items.items():
        item = {"pk": {"S": own}, "sk": {"S": name}, "text": {"S": text}}
        dynamodb.put_item(TableName=cloud.outputs["UserDataTable"], Item=item)


def belongings(cloud: LocalCloud, identity_id: str) -> Belongings:
    """Everything that is there, as the root sees it."""
    s3, dynamodb = root_client(cloud, "s3"), root_client(cloud, "dynamodb")
    bucket, prefix = cloud.outputs["UserDataBucket"], f"private/{identity_id}/"
    keys = [
        file["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for file in page.get("Contents", [])
    ]
    found = dynamodb.query(
        TableName=cloud.outputs["UserDataTable"],
        KeyConditionExpression="pk = :id",
        ExpressionAttributeValues={":id": {"S": identity_id}},
        ConsistentRead=True,
    )
    return Belongings(
        {key.removeprefix(prefix): s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys},
        {item["sk"]["S"]: {k: v for k, v in item.items() if k not in ("pk", "sk")} for item in found["Items"]},
    )
