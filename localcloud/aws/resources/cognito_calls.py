"""From properties of `AWS::Cognito::*` to calls of user pool operations, checked as the pipeline checks a request."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.wire import model, validation

_SERVICE = "cognito-idp"


def call(ctx: Context, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run an operation. Raises AwsError."""
    service = model.load(_SERVICE)
    declared = service.operations[operation]
    validation.check(service, declared, request, "InvalidParameterException")
    handler = importlib.import_module(f"localcloud.userpool.operations.{declared.snake_name}")
    answer: dict[str, Any] = handler.handle(ctx, request)
    return answer


def call_unless_gone(ctx: Context, operation: str, request: Mapping[str, Any]) -> None:
    """Run an operation that deletes; nothing happens when what it deletes is not there."""
    try:
        call(ctx, operation, request)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise


def to_request(resource_type: str, operation: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as parameters: a template's parameters have turned booleans and numbers into text.

    Raises ValueError for a property that the operation does not have.
    """
    service = model.load(_SERVICE)
    request: dict[str, Any] = _typed(service, service.operations[operation].input, properties, f"{resource_type}: ", "")
    return request


def shapes(table: Mapping[str, Shape]) -> dict[str, Shape]:
    """A table of supported settings for the check of a template, where `false` and 0 are no text yet."""
    return {name: _shape(rule) for name, rule in table.items()}


def _shape(rule: Shape) -> Shape:
    if isinstance(rule, Mapping):
        return shapes(rule)
    is_text = rule is None or not all(value in ("true", "false") or value.isdigit() for value in rule) or not rule
    return rule if is_text else None


def _typed(service: model.ServiceModel, shape_name: str, value: Any, who: str, path: str) -> Any:
    shape = service.shapes[shape_name]
    kind = shape["type"]
    if kind == "structure" and isinstance(value, Mapping):
        for name in value:
            if name not in shape["members"]:
                raise ValueError(f"{who}property `{path}{name}` is not supported by the local cloud")
        return {
            name: _typed(service, shape["members"][name]["shape"], part, who, f"{path}{name}.")
            for name, part in value.items()
        }
    if kind == "list" and isinstance(value, list):
        return [_typed(service, shape["member"]["shape"], item, who, path) for item in value]
    if kind == "map" and isinstance(value, Mapping):
        return {key: _typed(service, shape["value"]["shape"], part, who, path) for key, part in value.items()}
    return _plain(kind, value)


def _plain(kind: str, value: Any) -> Any:
    """Text as the boolean or number that it stands for, or the other way round; anything else as it is."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "integer" and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind == "string" and isinstance(value, bool | int | float):
        return text
    return value
