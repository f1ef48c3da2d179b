"""Requests made from a service's model: one with every member filled in, and its many ways of being wrong."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from localcloud.wire.model import Operation, ServiceModel

DEEPEST = 4
LONGEST = 140_000
"""Characters that still fit into a body; a longer limit cannot be broken without breaking the body's."""

_TEXTS: tuple[str, ...] = (
    "a", "Aa1!aaaa", "us-east-1_aaaaaaaaa", "us-east-1:00000000-0000-4000-8000-000000000000", "123456", "+15555550100",
    "arn:aws:iam::000000000000:role/x", "arn:aws:cognito-idp:us-east-1:000000000000:userpool/x", "arn:aws:s3:::a",
    "a" * 24, "{####}", "http://a/", "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "a.example.com", "A-Za.A_z0",
    "www.example.com", "a@example.com", "authenticated", "import-a", "cognito:default", "terms-of-use",
)  # fmt: skip
"""One of these fits each pattern of an operation that has a file."""

_MISFITS = ("", "\n", " ", "\x00", "a b", "!", "{}", "x" * 60)
_OTHER_TYPE: Mapping[str, Any] = {
    "structure": [],
    "map": "x",
    "list": {},
    "string": {},
    "blob": 7,
    "boolean": "true",
    "integer": "7",
    "long": 7.5,
    "timestamp": "now",
    "float": "7",
    "double": "7",
}

Path = tuple[str | int, ...]
_GONE = object()


@dataclass(frozen=True, slots=True)
class Broken:
    """A request with one member that does not fit; `kind` is what is wrong with it."""

    path: Path
    kind: Literal["missing", "type", "limit"]
    request: dict[str, Any]


def filled(model: ServiceModel, operation: Operation, known: Mapping[str, Any]) -> dict[str, Any]:
    """A request with every member; the members named in `known` have those values."""
    request: dict[str, Any] = _value(model, operation.input, known, 0) if operation.input else {}
    return request


def broken(model: ServiceModel, operation: Operation, request: dict[str, Any]) -> Iterator[Broken]:
    """Every way of spoiling one member of `request`."""
    if operation.input:
        for path, kind, bad in _misfits(model, operation.input, request, ()):
            yield Broken(path, kind, _replaced(request, path, bad))


def _value(model: ServiceModel, name: str, known: Mapping[str, Any], depth: int) -> Any:
    shape = model.shapes[name]
    match shape["type"]:
        case "structure":
            members = shape["members"].items() if depth < DEEPEST else ()
            return {
                member: known[member] if member in known else _value(model, entry["shape"], known, depth + 1)
                for member, entry in members
            }
        case "list":
            return [_value(model, shape["member"]["shape"], known, depth + 1)] * max(1, shape.get("min", 1))
        case "map":
            return {
                _text(model.shapes[shape["key"]["shape"]]): _value(model, shape["value"]["shape"], known, depth + 1)
            }
        case "string":
            return _text(shape)
        case "blob":
            return "AAAA"
        case "boolean":
            return False
        case _:
            return max(1, shape.get("min", 1))


def _text(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return str(shape["enum"][0])
    return next(fitting_texts(shape))


def fitting_texts(shape: Mapping[str, Any]) -> Iterator[str]:
    """Texts that a string's limits and pattern take; at least one."""
    lengthened = (text.ljust(shape.get("min", 0), "a")[: shape.get("max", 99)] for text in _TEXTS)
    pattern = shape.get("pattern")
    return (text for text in lengthened if not pattern or _fits(pattern, text))


def takes(shape: Mapping[str, Any], text: str) -> bool:
    """Whether a string's limits and pattern take a text; of one that is not ASCII only the limits are asked."""
    pattern = shape.get("pattern")
    fits = not pattern or not text.isascii() or _fits(pattern, text)
    return fits and shape.get("min", 0) <= len(text) <= shape.get("max", LONGEST)


def _misfits(
    model: ServiceModel, name: str, value: Any, path: Path
) -> Iterator[tuple[Path, Literal["missing", "type", "limit"], Any]]:
    shape = model.shapes[name]
    kind = shape["type"]
    if path:
        yield path, "type", _OTHER_TYPE[kind]
    if kind == "structure":
        for member, entry in shape["members"].items():
            if member in value:
                if member in shape.get("required", ()):
                    yield (*path, member), "missing", _GONE
                yield from _misfits(model, entry["shape"], value[member], (*path, member))
    elif kind == "list":
        if shape.get("max", LONGEST) < 1000:
            yield path, "limit", value[:1] * (shape["max"] + 1)
        yield from _misfits(model, shape["member"]["shape"], value[0], (*path, 0))
    elif kind == "map":
        key = next(iter(value))
        yield from _misfits(model, shape["value"]["shape"], value[key], (*path, key))
    elif kind == "string":
        yield from ((path, "limit", bad) for bad in _bad_texts(shape, value))
    elif kind in ("integer", "long"):
        yield path, "type", 1 << 70
        yield from ((path, "limit", shape[edge] + step) for edge, step in (("min", -1), ("max", 1)) if edge in shape)


def _bad_texts(shape: Mapping[str, Any], value: str) -> Iterator[str]:
    if shape.get("min", 0) > 0:
        yield value[: shape["min"] - 1]
    if shape.get("max", LONGEST) < LONGEST:
        yield (value or "a").ljust(shape["max"] + 1, "a")
    if "enum" in shape:
        yield "NO_SUCH_VALUE"
    elif shape.get("pattern"):
        bad = (text for text in _MISFITS if not _fits(shape["pattern"], text))
        yield from list(bad)[:2]


def _fits(pattern: str, text: str) -> bool:
    """Whether a Java pattern takes an ASCII text."""
    classes = {
        r"\p{L}": "a-zA-Z",
        r"\p{N}": "0-9",
        r"\p{Z}": " ",
        r"\p{M}": "",
        r"\p{S}": "+<=>^`|~$",
        r"\p{P}": "!-*,-/:;?@{}_",
    }
    for name, members in classes.items():
        pattern = pattern.replace(name, members)
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _replaced(request: dict[str, Any], path: Path, bad: Any) -> dict[str, Any]:
    changed = copy.deepcopy(request)
    inside: Any = changed
    for step in path[:-1]:
        inside = inside[step]
    if bad is _GONE:
        del inside[path[-1]]
    else:
        inside[path[-1]] = bad
    return changed
