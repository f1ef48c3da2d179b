"""The parts that DynamoDB requests share: the table, its keys, the attributes named, and what is given back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from localcloud.iam.actions import Call
from localcloud.iam.actions._attribute_values import invalid, key_texts
from localcloud.iam.actions._expressions import (
    CONDITION_WORDS,
    UPDATE_WORDS,
    KeyCondition,
    named_attributes,
    parse_key_conditions,
)
from localcloud.iam.actions._params import NotUnderstoodError, as_mapping, items, mapping, text, texts
from localcloud.iam.request import ContextValue

_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_EXPRESSIONS: Mapping[str, frozenset[str]] = {
    "ConditionExpression": CONDITION_WORDS,
    "FilterExpression": CONDITION_WORDS,
    "KeyConditionExpression": CONDITION_WORDS,
    "ProjectionExpression": frozenset(),
    "UpdateExpression": UPDATE_WORDS,
}
_LEGACY_MAPS = ("AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter")
_ENUMS: Mapping[str, tuple[str, ...]] = {
    "ReturnConsumedCapacity": ("INDEXES", "NONE", "TOTAL"),
    "ReturnValues": ("ALL_NEW", "ALL_OLD", "NONE", "UPDATED_NEW", "UPDATED_OLD"),
    "ReturnValuesOnConditionCheckFailure": ("ALL_OLD", "NONE"),
    "Select": ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "COUNT", "SPECIFIC_ATTRIBUTES"),
}


def table_name(call: Call, given: str) -> str:
    """The plain name of a table given by name or ARN. Raises NotUnderstoodError for an ARN of elsewhere."""
    own = table_arn(call, "")
    if given.startswith("arn:") and not given.startswith(own):
        raise NotUnderstoodError
    # No `/` in a name: `table/index/…` must not pass for another resource.
    return _checked_name(given.removeprefix(own))


def table_arn(call: Call, table: str, index: str = "") -> str:
    """The ARN of a table of the caller's Region and account, or of its index alone."""
    return f"arn:aws:dynamodb:{call.region}:{call.account}:table/{table}" + (f"/index/{index}" if index else "")


def index_name(request: Mapping[str, Any]) -> str:
    """The index that a request reads, empty for the table itself."""
    name = text(request, "IndexName")
    return _checked_name(name) if name else ""


def leading_keys(schema: Sequence[str], maps: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The partition key values that keys or items name, each once. Raises AwsError `ValidationException`."""
    if not schema:
        # No such table or index, or an index whose partition key is several attributes. No partition has an empty key,
        # so a rule by leading key refuses; any other lets the service say that the table is missing.
        return ("",)
    found: list[str] = []
    for attributes_ in maps:
        if attributes_.get(schema[0]) is None:
            raise invalid("The provided key element does not match the schema")
        found += key_texts(attributes_[schema[0]])
    if not found:
        # ForAllValues is true of an empty set.
        raise invalid("1 validation error detected: Member must have length greater than or equal to 1")
    return tuple(dict.fromkeys(found))


def key_conditions(request: Mapping[str, Any]) -> tuple[KeyCondition, ...]:
    """The key conditions of a Query, in either form. Raises AwsError `ValidationException`."""
    if request.get("KeyConditionExpression") is not None:
        expression = text(request, "KeyConditionExpression")
        names, values = mapping(request, "ExpressionAttributeNames"), mapping(request, "ExpressionAttributeValues")
        return parse_key_conditions(expression, names, values)
    if not mapping(request, "KeyConditions"):
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    return tuple(_legacy_condition(*pair) for pair in mapping(request, "KeyConditions").items())


def partition_value(conditions: Sequence[KeyCondition], schema: Sequence[str]) -> Any:
    """The attribute value that the partition key must equal; None for an unknown table.

    Raises AwsError `ValidationException` unless there is one such condition and at most one more, on the sort key.
    """
    names = [condition.attribute for condition in conditions]
    if len(set(names)) != len(names):
        raise invalid("KeyConditionExpressions must only contain one condition per key")
    if not schema:
        return None
    if schema[0] not in names or not set(names) <= set(schema):
        missing = schema[0] if schema[0] not in names else schema[-1]
        raise invalid(f"Query condition missed key schema element: {missing}")
    partition = conditions[names.index(schema[0])]
    if partition.operator != "=":
        raise invalid("Query key condition not supported")
    return partition.value


def attributes(request: Mapping[str, Any], keys: Iterable[Mapping[str, Any]] = ()) -> dict[str, ContextValue]:
    """`dynamodb:Attributes`: the top-level attributes that a request names anywhere. Raises AwsError."""
    expressions = [name for name in _EXPRESSIONS if request.get(name) is not None]
    legacy = [
        name for name in (*_LEGACY_MAPS, "AttributesToGet", "ConditionalOperator") if request.get(name) is not None
    ]
    if expressions and legacy:
        # Of two conditions in two languages the service might take the other one.
        raise invalid(
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
            f"{{{', '.join(legacy)}}} Expression parameters: {{{', '.join(expressions)}}}"
        )
    names = mapping(request, "ExpressionAttributeNames")
    found = {name for holder in (*_LEGACY_MAPS, "Item", "Key") for name in mapping(request, holder)}
    found.update(*keys, texts(request, "AttributesToGet"))
    for parameter in expressions:
        found |= named_attributes(text(request, parameter), parameter, names, _EXPRESSIONS[parameter])
    return {"dynamodb:Attributes": tuple(sorted(found))} if found else {}


def select(request: Mapping[str, Any], index: str, *, chosen: bool) -> str:
    """`dynamodb:Select`: what a read gives back. `chosen` says whether the operation has that parameter."""
    projected = request.get("ProjectionExpression") is not None or bool(texts(request, "AttributesToGet"))
    given = stated(request, "Select") if chosen else ""
    # SPECIFIC_ATTRIBUTES without naming any, to pass as a narrow read and be given everything.
    if given == "SPECIFIC_ATTRIBUTES" and not projected:
        raise invalid(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if given not in ("", "SPECIFIC_ATTRIBUTES") and projected:
        raise invalid(f"Cannot specify the ProjectionExpression when choosing to get {given}")
    if projected:
        return "SPECIFIC_ATTRIBUTES"
    return given or ("ALL_PROJECTED_ATTRIBUTES" if index else "ALL_ATTRIBUTES")


def stated(request: Mapping[str, Any], name: str) -> str:
    """A parameter with fixed values, empty when it is not there. Raises AwsError `ValidationException` for another."""
    value = text(request, name)
    if value and value not in _ENUMS[name]:
        member = f"{name[0].lower()}{name[1:]}"
        wanted = f"Member must satisfy enum value set: [{', '.join(_ENUMS[name])}]"
        raise invalid(
            f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {wanted}"
        )
    return value


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise invalid(
            "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain "
            "only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
        )
    return name


def _legacy_condition(attribute: str, condition: Any) -> KeyCondition:
    operator = text(as_mapping(condition), "ComparisonOperator")
    values = items(condition, "AttributeValueList")
    if operator == "EQ" and len(values) != 1:
        raise invalid(
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator"
        )
    return KeyCondition(attribute, "=" if operator == "EQ" else operator, values[0] if values else None)
