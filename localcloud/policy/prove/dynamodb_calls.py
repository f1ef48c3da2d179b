"""Every way to call every DynamoDB operation: one item, batches, transactions, PartiQL.

What reaches items needs its keys in a form of its own; any other operation is about the table, filled by the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localcloud.policy.prove.calls import EMPTY_POLICY, Call, Scene, Spot
from localcloud.policy.prove.dynamodb_keys import SEED, Params, alone_and_mixed, condition, key, plain, table
from localcloud.policy.prove.layout import Kind
from localcloud.policy.prove.operations import Operation, operations
from localcloud.policy.prove.partiql_calls import partiql_calls

_WRITES: Mapping[str, Kind] = {"Put": "write", "Update": "write", "Delete": "delete", "ConditionCheck": "read"}


def dynamodb_calls() -> Iterator[Call]:
    """All of them."""
    reaching_items = [*_items(), *_batches(), *_transactions(), *partiql_calls()]
    yield from reaching_items
    tried = {call.operation.name for call in reaching_items}
    for other in operations("dynamodb"):
        if other.name not in tried:
            yield Call(other, "direct", "manage", (("here", "manage"),), _fill_by_name(other), level="resource")


def _items() -> Iterator[Call]:
    yield plain("GetItem", "direct", "read", lambda s: {**table(s), "Key": key(s.here, SEED)})
    yield plain("PutItem", "direct", "write", lambda s: {**table(s), "Item": key(s.here, s.name)})
    yield plain("UpdateItem", "direct", "write", lambda s: {**table(s), "Key": key(s.here, s.name)})
    yield plain("DeleteItem", "direct", "delete", lambda s: {**table(s), "Key": key(s.here, s.name)})
    yield plain("Query", "direct", "list", lambda s: {**table(s), **condition(s.here.key_types[0], s.here.within)})
    yield plain("Scan", "direct", "list", table, "resource")


def _batches() -> Iterator[Call]:
    def get(scene: Scene, spots: list[Spot]) -> Params:
        tables = _by_table(spots, lambda spot: key(spot, SEED))
        return {"RequestItems": {name: {"Keys": keys} for name, keys in tables.items()}}

    def put(scene: Scene, spots: list[Spot]) -> Params:
        return {"RequestItems": _by_table(spots, lambda spot: {"PutRequest": {"Item": key(spot, scene.name)}})}

    def delete(scene: Scene, spots: list[Spot]) -> Params:
        return {"RequestItems": _by_table(spots, lambda spot: {"DeleteRequest": {"Key": key(spot, scene.name)}})}

    yield from alone_and_mixed("BatchGetItem", "batch", "read", get)
    yield from alone_and_mixed("BatchWriteItem", "batch put", "write", put)
    yield from alone_and_mixed("BatchWriteItem", "batch delete", "delete", delete)


def _by_table(spots: list[Spot], entry: Callable[[Spot], Any]) -> dict[str, list[Any]]:
    tables: dict[str, list[Any]] = {}
    for spot in spots:
        tables.setdefault(spot.resource, []).append(entry(spot))
    return tables


def _transactions() -> Iterator[Call]:
    def get(scene: Scene, spots: list[Spot]) -> Params:
        return {"TransactItems": [{"Get": {"TableName": s.resource, "Key": key(s, SEED)}} for s in spots]}

    yield from alone_and_mixed("TransactGetItems", "transaction", "read", get)
    for action, kind in _WRITES.items():

        def write(scene: Scene, spots: list[Spot], action: str = action) -> Params:
            return {"TransactItems": [{action: _written(action, spot, scene.name)} for spot in spots]}

        yield from alone_and_mixed("TransactWriteItems", f"transaction {action}", kind, write)


def _written(action: str, spot: Spot, name: str) -> Params:
    if action == "Put":
        return {"TableName": spot.resource, "Item": key(spot, name)}
    more: Mapping[str, Params] = {
        "Update": {"UpdateExpression": "SET note = :note", "ExpressionAttributeValues": {":note": {"S": "x"}}},
        "ConditionCheck": {"ConditionExpression": "attribute_not_exists(nothing)"},
    }
    return {"TableName": spot.resource, "Key": key(spot, name), **more.get(action, {})}


def _fill_by_name(operation: Operation) -> Callable[[Scene], Params]:
    def fill(scene: Scene) -> Params:
        name, arn = scene.here.resource, scene.here.arn
        values = {
            **dict.fromkeys(("TableName", "GlobalTableName", "SourceTableName"), name),
            **dict.fromkeys(("ResourceArn", "TableArn"), arn),
            "TargetTableName": f"{name}-copy",
            "BackupArn": f"{arn}/backup/01489602797149-73d8d5bc",
            "ExportArn": f"{arn}/export/01489602797149-73d8d5bc",
            "ImportArn": f"{arn}/import/01489602797149-73d8d5bc",
            "Policy": EMPTY_POLICY,
        }
        return operation.parameters({member: values[member] for member in operation.required & values.keys()})

    return fill
