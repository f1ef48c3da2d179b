"""From a resource's properties to the request of the API that they stand for, checked as the pipeline checks one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import Shape, unsupported
from localcloud.errors import AwsError
from localcloud.wire import model, validation


def refuse_unsupported(name: str, resource_type: str, properties: Any, shape: Mapping[str, Shape]) -> None:
    """Raise ValueError for a property that the local cloud does not have; `name` is the resource's, for the message."""
    for problem in unsupported({name: {"Type": resource_type, "Properties": properties}}, {}, {resource_type: shape}):
        raise ValueError(problem)


def check(service: str, operation: str, request: Mapping[str, Any], invalid: str) -> None:
    """Raise AwsError `invalid` for a request that does not fit the operation's model."""
    known = model.load(service)
    validation.check(known, known.operations[operation], request, invalid)


def boolean(resource_type: str, name: str, value: Any) -> bool:
    """A boolean of a template, which parameters turn into text. Attack: `ture`, and a check is silently off."""
    if (text := str(value).lower()) not in ("true", "false"):
        message = f"{resource_type}: property `{name}`: `{value}` is neither true nor false"
        raise AwsError("InvalidParameterException", message)
    return text == "true"
