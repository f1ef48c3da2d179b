"""DynamoDB: which tables, partitions and attributes a request touches.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._attribute_values import invalid
from localcloud.iam.actions._dynamodb_request import (
    attributes,
    index_name,
    key_conditions,
    leading_keys,
    partition_value,
    select,
    stated,
    table_arn,
    table_name,
)
from localcloud.iam.actions._dynamodb_tables import control_checks
from localcloud.iam.actions._params import (
    as_mapping,
    items,
    mapping,
    refuse_duplicate_names,
    text,
)
from localcloud.iam.actions._partiql import Statement
from localcloud.iam.actions._partiql import parse as parse_statement
from localcloud.iam.request import ContextValue

_TRANSACT_GET = {"Get": "GetItem"}
_TRANSACT_WRITE = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call.

    Raises NotUnderstoodError, and AwsError `ValidationException` or `SerializationException` for a request that
    DynamoDB would refuse.
    """
    refuse_duplicate_names(call.body)
    if call.operation in _DATA_OPERATIONS:
        return _DATA_OPERATIONS[call.operation](call, catalog)
    return control_checks(call)


def _item_checks(call: Call, catalog: Catalog) -> list[Check]:
    return _one_item(call, catalog, call.operation, call.params, {})


def _one_item(
    call: Call, catalog: Catalog, operation: str, request: Mapping[str, Any], context: Mapping[str, ContextValue]
) -> list[Check]:
    """The checks of a read or write of one item, alone or inside a transaction."""
    table = table_name(call, text(request, "TableName"))
    item = mapping(request, "Item" if operation == "PutItem" else "Key")
    context = {
        **context,
        **_common(call),
        **attributes(request),
        "dynamodb:LeadingKeys": leading_keys(catalog.key_schema(table_arn(call, table)), [item]),
    }
    check = Check(f"dynamodb:{operation}", table_arn(call, table), context)
    if operation == "GetItem":
        return [_with(check, {"dynamodb:Select": select(request, "", chosen=False)})]
    return _writes(check, stated(request, "ReturnValues") or "NONE", request)


def _writes(check: Check, returned: str, request: Mapping[str, Any]) -> list[Check]:
    """The checks of a write. What it gives back when its condition fails is read just as well, so it is asked apart."""
    on_failure = stated(request, "ReturnValuesOnConditionCheckFailure")
    answers = dict.fromkeys([returned, "ALL_OLD"] if on_failure == "ALL_OLD" else [returned])
    return [_with(check, {"dynamodb:ReturnValues": answer}) for answer in answers]


def _query_checks(call: Call, catalog: Catalog) -> list[Check]:
    table, index = table_name(call, text(call.params, "TableName")), index_name(call.params)
    schema = catalog.key_schema(table_arn(call, table), index or None)
    value = partition_value(key_conditions(call.params), schema)
    context = {
        **_common(call),
        **attributes(call.params),
        "dynamodb:Select": select(call.params, index, chosen=True),
        "dynamodb:LeadingKeys": leading_keys(schema, [{schema[0]: value}] if schema else [{}]),
    }
    return [Check("dynamodb:Query", table_arn(call, table, index), context)]


def _scan_checks(call: Call, catalog: Catalog) -> list[Check]:
    """A scan names no key, so it has no `dynamodb:LeadingKeys`: `ForAllValues` alone is true of it."""
    table, index = table_name(call, text(call.params, "TableName")), index_name(call.params)
    chosen = {"dynamodb:Select": select(call.params, index, chosen=True)}
    return [
        Check("dynamodb:Scan", table_arn(call, table, index), {**_common(call), **attributes(call.params), **chosen})
    ]


def _batch_get_checks(call: Call, catalog: Catalog) -> list[Check]:
    found = []
    for name, request in _tables(call):
        table = table_name(call, name)
        keys = [as_mapping(key) for key in items(as_mapping(request), "Keys")]
        context = {
            **_common(call),
            **attributes(request, keys=keys),
            "dynamodb:Select": select(request, "", chosen=False),
            "dynamodb:LeadingKeys": leading_keys(catalog.key_schema(table_arn(call, table)), keys),
        }
        found.append(Check("dynamodb:BatchGetItem", table_arn(call, table), context))
    return found


def _batch_write_checks(call: Call, catalog: Catalog) -> list[Check]:
    found = []
    for name, requests in _tables(call):
        table = table_name(call, name)
        keys = [_written_key(request) for request in items({name: requests}, name)]
        context = {
            **_common(call),
            **attributes({}, keys=keys),
            "dynamodb:LeadingKeys": leading_keys(catalog.key_schema(table_arn(call, table)), keys),
        }
        found.append(Check("dynamodb:BatchWriteItem", table_arn(call, table), context))
    return found


def _written_key(request: Any) -> Mapping[str, Any]:
    kind, content = _only(request, ("PutRequest", "DeleteRequest"))
    return mapping(content, "Item" if kind == "PutRequest" else "Key")


def _tables(call: Call) -> list[tuple[str, Any]]:
    tables = list(mapping(call.params, "RequestItems").items())
    if not tables:
        raise invalid("The batch request list for the operation cannot be empty")
    return tables


def _transaction_checks(call: Call, catalog: Catalog) -> list[Check]:
    """Each item on its own, by its own action: there is no action for the transaction."""
    kinds = _TRANSACT_GET if call.operation == "TransactGetItems" else _TRANSACT_WRITE
    found = []
    for member in _members(call, "TransactItems"):
        kind, request = _only(member, tuple(kinds))
        context: dict[str, ContextValue] = {"dynamodb:EnclosingOperation": call.operation}
        found += _one_item(call, catalog, kinds[kind], request, context)
    return found


def _statement_checks(call: Call, catalog: Catalog) -> list[Check]:
    member = {"BatchExecuteStatement": "Statements", "ExecuteTransaction": "TransactStatements"}.get(call.operation)
    requests = _members(call, member) if member else [call.params]
    return [check for request in requests for check in _one_statement(call, catalog, as_mapping(request))]


def _one_statement(call: Call, catalog: Catalog, request: Mapping[str, Any]) -> list[Check]:
    statement = parse_statement(text(request, "Statement"), items(request, "Parameters"))
    table, index = table_name(call, statement.table), index_name({"IndexName": statement.index})
    schema = catalog.key_schema(table_arn(call, table), index or None)
    context: dict[str, ContextValue] = {**_common(call), **_partition_context(statement, schema)}
    if statement.attributes:
        context["dynamodb:Attributes"] = tuple(sorted(statement.attributes))
    if call.operation == "ExecuteTransaction":
        context["dynamodb:EnclosingOperation"] = call.operation
    check = Check(f"dynamodb:PartiQL{statement.verb}", table_arn(call, table, index), context)
    if statement.verb == "Select":
        everything = "ALL_PROJECTED_ATTRIBUTES" if index else "ALL_ATTRIBUTES"
        return [_with(check, {"dynamodb:Select": everything if statement.selects_all else "SPECIFIC_ATTRIBUTES"})]
    return _writes(check, statement.return_values, request)


def _partition_context(statement: Statement, schema: Sequence[str]) -> dict[str, ContextValue]:
    values = statement.keys.get(schema[0], []) if schema else []
    if statement.verb == "Select" and not values:
        unknown: dict[str, ContextValue] = {} if schema else {"dynamodb:LeadingKeys": leading_keys((), ())}
        return {"dynamodb:FullTableScan": "true", **unknown}
    if statement.verb in ("Update", "Delete") and schema and len(values) != 1:
        raise invalid("Where clause does not contain a mandatory equality on all key attributes")
    keys = leading_keys(schema, [{schema[0]: value} for value in values] if schema else [{}])
    scan: dict[str, ContextValue] = {"dynamodb:FullTableScan": "false"} if statement.verb == "Select" else {}
    return {**scan, "dynamodb:LeadingKeys": keys}


def _common(call: Call) -> dict[str, ContextValue]:
    capacity = stated(call.params, "ReturnConsumedCapacity")
    return {"dynamodb:ReturnConsumedCapacity": capacity} if capacity else {}


def _with(check: Check, context: Mapping[str, ContextValue]) -> Check:
    return Check(check.action, check.resource, {**check.context, **context})


def _members(call: Call, name: str) -> list[Any]:
    members = list(items(call.params, name))
    if not members:
        raise invalid(f"1 validation error detected: Value '[]' at '{name[0].lower()}{name[1:]}' failed to satisfy "
                      "constraint: Member must have length greater than or equal to 1")  # fmt: skip
    return members


def _only(member: Any, kinds: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
    """The one request that a member holds: of two, the check and the service might take different ones."""
    given = [kind for kind, request in as_mapping(member).items() if request is not None]
    if len(given) != 1 or given[0] not in kinds:
        raise invalid(f"Exactly one of {', '.join(kinds)} is wanted in each item")
    return given[0], as_mapping(member[given[0]])


_DATA_OPERATIONS: Mapping[str, Callable[[Call, Catalog], list[Check]]] = {
    "BatchExecuteStatement": _statement_checks,
    "BatchGetItem": _batch_get_checks,
    "BatchWriteItem": _batch_write_checks,
    "DeleteItem": _item_checks,
    "ExecuteStatement": _statement_checks,
    "ExecuteTransaction": _statement_checks,
    "GetItem": _item_checks,
    "PutItem": _item_checks,
    "Query": _query_checks,
    "Scan": _scan_checks,
    "TransactGetItems": _transaction_checks,
    "TransactWriteItems": _transaction_checks,
    "UpdateItem": _item_checks,
}
