"""A request against its model: types first, then AWS's documented limits, in the words that AWS uses.

Wrong types end in `SerializationException`, as they never reach the service on AWS. Values outside the limits are
counted and named together: `2 validation errors detected: …`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
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
_Path = tuple[str | tuple[str | int], ...]

_JSON_NAMES = {dict: "Object", list: "Array", str: "String", bool: "Boolean", int: "Number", float: "Number"}
_MODEL_NAMES = {"structure": "Structure", "map": "Map", "list": "List", "string": "String", "boolean": "Boolean"}


def check(model: ServiceModel, operation: Operation, params: Mapping[str, Any], invalid: str) -> None:
    """Raise AwsError with code `invalid` (the service's own) unless `params` fits the operation's input shape."""
    if operation.input:
        check_members(model, model.shapes[operation.input], params, invalid)


def check_members(model: ServiceModel, shape: Mapping[str, Any], params: Mapping[str, Any], invalid: str) -> None:
    """Raise AwsError with code `invalid` unless `params` fits the structure `shape`."""
    walk = _Walk(model.shapes)
    walk.structure(shape, params, ())
    if walk.errors:
        noun = "error" if len(walk.errors) == 1 else "errors"
        raise AwsError(invalid, f"{len(walk.errors)} validation {noun} detected: " + "; ".join(walk.errors))


class _Walk:
    """One request on its way through the model, and what is wrong with it.

    A path is the names of members, and for an element the tuple of its index or key: each call comes by here, so it is
    put into words only where something is wrong.
    """

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self.errors: list[str] = []
        self._shapes = shapes

    def structure(self, shape: Mapping[str, Any], value: Mapping[str, Any], path: _Path) -> None:
        """What is missing, and then what is wrong in what is there."""
        for name in shape.get("required", ()):
            if value.get(name) is None:
                where = _in_words((*path, name))
                self.errors.append(f"Value null at '{where}' failed to satisfy constraint: Member must not be null")
        for name, member in shape["members"].items():
            given = value.get(name)
            if given is not None:
                self._value(member["shape"], given, (*path, name))

    def _value(self, shape_name: str, value: Any, path: _Path) -> None:
        shape = self._shapes[shape_name]
        kind = shape["type"]
        if len(path) > MAX_DEPTH:
            raise AwsError("SerializationException", "The request is nested too deeply.")
        # bool is an int in Python, and never a number on the wire.
        fits = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        if not fits:
            seen, wanted = _JSON_NAMES.get(type(value), "null"), _MODEL_NAMES.get(kind, "Number")
            raise AwsError("SerializationException", f"{seen} can not be converted to a {wanted}")
        if kind == "string":
            self._string(shape, value, path)
        elif kind == "structure":
            self.structure(shape, value, path)
        elif kind == "list":
            self._range(shape, len(value), path, "length", None)
            for index, item in enumerate(value, 1):
                self._value(shape["member"]["shape"], item, (*path, (index,)))
        elif kind == "map":
            self._range(shape, len(value), path, "length", None)
            for key, item in value.items():
                self._value(shape["key"]["shape"], key, path)
                if item is not None:
                    self._value(shape["value"]["shape"], item, (*path, (key,)))
        elif kind in _BITS:
            if not -(1 << _BITS[kind]) <= value < 1 << _BITS[kind]:
                raise AwsError("SerializationException", f"{value:.3g} can not be converted to a {kind.capitalize()}")
            self._range(shape, value, path, "value", str(value))

    def _string(self, shape: Mapping[str, Any], value: str, path: _Path) -> None:
        if not (value.isascii() or _is_encodable(value)):
            raise AwsError("SerializationException", "The request has a character that is not valid Unicode.")
        # A secret never comes back in an error text; AWS leaves it out in the same place.
        shown = None if shape.get("sensitive") else value
        self._range(shape, len(value), path, "length", shown)
        if "enum" in shape and value not in shape["enum"]:
            self._fail(path, shown, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
        pattern = shape.get("pattern")
        if pattern and not _fits(pattern, value):
            self._fail(path, shown, f"Member must satisfy regular expression pattern: {pattern}")

    def _range(self, shape: Mapping[str, Any], number: int, path: _Path, what: str, shown: str | None) -> None:
        if number < shape.get("min", number):
            self._fail(path, shown, f"Member must have {what} greater than or equal to {shape['min']}")
        if number > shape.get("max", number):
            self._fail(path, shown, f"Member must have {what} less than or equal to {shape['max']}")

    def _fail(self, path: _Path, shown: str | None, constraint: str) -> None:
        seen = "Value" if shown is None else f"Value '{shown[:200]}'"
        self.errors.append(f"{seen} at '{_in_words(path)}' failed to satisfy constraint: {constraint}")


def _in_words(path: _Path) -> str:
    return ".".join(part[0].lower() + part[1:] if isinstance(part, str) else f"{part[0]}.member" for part in path)


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
