"""Move items from one partition to another, read with the keys of the one and written with those of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from auth.moving.home import Home, Place, Progress, Step, places

Item = Mapping[str, Any]


def move_items(source: Home, target: Home, progress: Progress) -> Iterator[Place]:
    """Move all items of a partition, as they are read."""
    pages = source.dynamodb.get_paginator("query").paginate(
        TableName=source.table,
        KeyConditionExpression="pk = :identity",
        ExpressionAttributeValues={":identity": {"S": source.identity_id}},
        ConsistentRead=True,
    )
    for page in pages:
        for original in page["Items"]:
            place = _settle(source, target, original)
            progress(Step("copied", "item", place.name))
            source.dynamodb.delete_item(TableName=source.table, Key={name: original[name] for name in ("pk", "sk")})
            progress(Step("deleted", "item", place.name))
            yield place


def _settle(source: Home, target: Home, original: Item) -> Place:
    """The first place that holds the same, or is free and does now."""
    for place in places(original["sk"]["S"], source):
        key = {"pk": {"S": target.identity_id}, "sk": {"S": place.name}}
        copy = {**original, **key}
        with suppress(target.dynamodb.exceptions.ConditionalCheckFailedException):
            target.dynamodb.put_item(TableName=target.table, Item=copy, ConditionExpression="attribute_not_exists(pk)")
        there = target.dynamodb.get_item(TableName=target.table, Key=key, ConsistentRead=True).get("Item", {})
        if _read(there) == _read(copy):
            return place
    raise AssertionError("there is always another place")


def _read(item: Item) -> dict[str, Any]:
    """As Python's own values, whose equality is DynamoDB's: sets without order, numbers by what they are worth."""
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}
