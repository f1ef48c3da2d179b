"""The operations of S3 and DynamoDB as botocore's model has them, and the members that each call needs, filled in."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel

SERVICES = ("s3", "dynamodb")
_NESTED = ("structure", "list", "map")
_SCALARS: Mapping[str, Any] = {
    "boolean": True,
    "blob": b"x",
    "timestamp": "2040-01-01T00:00:00Z",
    "float": 1.0,
    "double": 1.0,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the model."""

    service: str
    name: str
    model: OperationModel

    @property
    def members(self) -> Mapping[str, Any]:
        """The shapes of its input's members."""
        return self._input.members if self._input else {}

    @property
    def required(self) -> frozenset[str]:
        """The names of the members that must be there."""
        return frozenset(self._input.required_members) if self._input else frozenset()

    @property
    def document(self) -> str:
        """The member that is a structure and makes the body; empty where there is none."""
        payload = self._input.serialization.get("payload", "") if self._input else ""
        return payload if payload and self.members[payload].type_name == "structure" else ""

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The call's parameters: what `values` has by name, and of the rest whatever the model requires."""
        found = _structure(self._input, values) if self._input else {}
        # The model calls many documents optional that S3 wants all the same.
        if self.document and self.document not in found and (sample := _sample(self.members[self.document])):
            found[self.document] = sample
        return found

    @property
    def _input(self) -> Any:
        return self.model.input_shape


@functools.cache
def service_model(service: str) -> ServiceModel:
    """The model of a service. It takes a tenth of a second to read."""
    return botocore.session.get_session().get_service_model(service)


@functools.cache
def operations(service: str) -> tuple[Operation, ...]:
    """Every operation of a service."""
    model = service_model(service)
    return tuple(Operation(service, name, model.operation_model(name)) for name in model.operation_names)


@functools.cache
def operation(service: str, name: str) -> Operation:
    """One operation by name. Raises LookupError."""
    return next(found for found in operations(service) if found.name == name)


def _structure(shape: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: values[name] if name in values else _sample(member)
        for name, member in shape.members.items()
        if name in values or name in shape.required_members
    }


def _optional(shape: Any) -> dict[str, Any]:
    """Members of a structure that requires none: one of a union, else those that are plain values."""
    if shape.is_tagged_union:
        return {name: _sample(member) for name, member in [*shape.members.items()][:1]}
    plain = {name: member for name, member in shape.members.items() if member.type_name not in _NESTED}
    return {name: _sample(member) for name, member in plain.items()}


def _sample(shape: Any) -> Any:
    """The smallest value of that shape that goes on the wire."""
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, {}) or _optional(shape)
    if kind == "list":
        return [_sample(shape.member)]
    if kind == "map":
        return {_sample(shape.key): _sample(shape.value)}
    if kind in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if kind == "string":
        return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
    return _SCALARS[kind]
