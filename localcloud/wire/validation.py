"""A request against its model: types first, then AWS's documented limits, in the words that AWS uses.

Wrong types end in `SerializationException`, as they never reach the service on AWS. Values outside the limits are
counted and named together: `2 validation errors detected: …`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.wire.model import Operation, ServiceModel

MAX_DEPTH = 80
"""No operation nests this deep: DynamoDB's 32 levels are 64 here. A deeper document only wants to exhaust the stack."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "timestamp": (int, float),
    "float": (int, float),
    "double": (int, float),
}
_BITS = {"integer": 31, "long": 63}
_JSON_NAMES = {dict: "Object", list: "Array", str: "String", bool: "Boolean", int: "Number", float: "Number"}
_MODEL_NAMES = {"structure": "Structure", "map": "Map", "list": "List", "string": "String", "boolean": "Boolean"}


def check(model: ServiceModel, operation: Operation, params: Mapping[str, Any], invalid: str) -> None:
    """Raise AwsError with code `invalid` (the service's own) unless `params` fits the operation's input shape."""
    if operation.input:
        check_members(model, model.shapes[operation.input], params, invalid)


def check_members(model: ServiceModel, shape: Mapping[str, Any], params: Mapping[str, Any], invalid: str) -> None:
    """Raise AwsError with code `invalid` unless `params` fits the structure `shape`."""
    errors = list(_structure_errors(model, shape, params, "", 0))
    if errors:
        noun = "error" if len(errors) == 1 else "errors"
        raise AwsError(invalid, f"{len(errors)} validation {noun} detected: " + "; ".join(errors))


def _errors(model: ServiceModel, shape_name: str, value: Any, path: str, depth: int) -> Iterator[str]:
    shape = model.shapes[shape_name]
    kind = shape["type"]
    if depth > MAX_DEPTH:
        raise AwsError("SerializationException", "The request is nested too deeply.")
    # bool is an int in Python, and never a number on the wire.
    fits = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if not fits:
        seen = _JSON_NAMES.get(type(value), "null")
        raise AwsError("SerializationException", f"{seen} can not be converted to a {_MODEL_NAMES.get(kind, 'Number')}")
    if kind == "structure":
        yield from _structure_errors(model, shape, value, path, depth)
    elif kind == "list":
        yield from _limit_errors(shape, len(value), path, None)
        for index, item in enumerate(value, 1):
            yield from _errors(model, shape["member"]["shape"], item, f"{path}.{index}.member", depth + 1)
    elif kind == "map":
        yield from _limit_errors(shape, len(value), path, None)
        for key, item in value.items():
            yield from _errors(model, shape["key"]["shape"], key, path, depth + 1)
            if item is not None:
                yield from _errors(model, shape["value"]["shape"], item, f"{path}.{key}.member", depth + 1)
    elif kind == "string":
        yield from _string_errors(shape, value, path)
    elif kind in _BITS:
        if not -(1 << _BITS[kind]) <= value < 1 << _BITS[kind]:
            raise AwsError("SerializationException", f"{value:.3g} can not be converted to a {kind.capitalize()}")
        yield from _range_errors(shape, value, path)


def _structure_errors(
    model: ServiceModel, shape: Mapping[str, Any], value: Mapping[str, Any], path: str, depth: int
) -> Iterator[str]:
    for name in shape.get("required", ()):
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, member in shape["members"].items():
        if value.get(name) is not None:
            yield from _errors(model, member["shape"], value[name], _join(path, name), depth + 1)


def _string_errors(shape: Mapping[str, Any], value: str, path: str) -> Iterator[str]:
    shown = None if shape.get("sensitive") else value
    if not _is_encodable(value):
        raise AwsError("SerializationException", "The request has a character that is not valid Unicode.")
    yield from _limit_errors(shape, len(value), path, shown)
    if "enum" in shape and value not in shape["enum"]:
        yield _failed(path, shown, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
    pattern = shape.get("pattern")
    if pattern and not _fits(pattern, value):
        yield _failed(path, shown, f"Member must satisfy regular expression pattern: {pattern}")


def _limit_errors(shape: Mapping[str, Any], length: int, path: str, shown: str | None) -> Iterator[str]:
    if length < shape.get("min", 0):
        yield _failed(path, shown, f"Member must have length greater than or equal to {shape['min']}")
    if "max" in shape and length > shape["max"]:
        yield _failed(path, shown, f"Member must have length less than or equal to {shape['max']}")


def _range_errors(shape: Mapping[str, Any], value: int, path: str) -> Iterator[str]:
    if "min" in shape and value < shape["min"]:
        yield _failed(path, str(value), f"Member must have value greater than or equal to {shape['min']}")
    if "max" in shape and value > shape["max"]:
        yield _failed(path, str(value), f"Member must have value less than or equal to {shape['max']}")


def _failed(path: str, shown: str | None, constraint: str) -> str:
    # A secret never comes back in an error text; AWS leaves it out in the same place.
    seen = "Value" if shown is None else f"Value '{shown[:200]}'"
    return f"{seen} at '{path}' failed to satisfy constraint: {constraint}"


def _join(path: str, name: str) -> str:
    member = name[0].lower() + name[1:]
    return f"{path}.{member}" if path else member


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fits(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A Java pattern of the model as a Python one: letters, marks, symbols, numbers, punctuation are the visible.

    None for what Python cannot read; no pattern of our own services is like that.
    """
    visible = r"!-~\xa1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\uf900-\ufefe\uff01-\U000e0000"
    separators = r" \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    pattern = pattern.replace(r"\p{L}\p{M}\p{S}\p{N}\p{P}", visible).replace(r"\p{Z}", separators)
    try:
        return re.compile(pattern, re.ASCII if r"\w" in pattern else 0)
    except re.error:
        return None
