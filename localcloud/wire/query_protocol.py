"""AWS's query protocol: a form to the parameters that an operation takes, and its result to XML, by the model.

Lists are spread over fields `Name.member.1`, maps over `Name.entry.1.key` and `Name.entry.1.value`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from localcloud.errors import AwsError
from localcloud.wire.model import Operation, ServiceModel

_MAX_PARTS = 32
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_INDEX = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(model: ServiceModel, operation: Operation, fields: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a call, nested and typed as the model has them. Raises AwsError, MalformedInput.

    What the operation does not declare is left out, as on AWS: nobody decides by it, and nobody acts on it.
    """
    if not operation.input:
        return {}
    tree: dict[str, Any] = {}
    for name, text in fields.items():
        _plant(tree, name, text)
    return _structure(model, model.shapes[operation.input], tree, "")


def write(model: ServiceModel, operation: Operation, result: Mapping[str, Any], request_id: str) -> bytes:
    """The answer of a call, as UTF-8."""
    body = _written(model, operation.output, result) if operation.output else ""
    if operation.result:
        body = f"<{operation.result}>{body}</{operation.result}>"
    metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    name = f"{operation.name}Response"
    return f'<{name} xmlns="{model.xmlns}">{body}{metadata}</{name}>'.encode()


def _plant(tree: dict[str, Any], name: str, text: str) -> None:
    """Put a field into the tree of all fields: `A.member.1` under `A`, `member`, `1`."""
    *path, last = name.split(".", _MAX_PARTS)
    for part in path:
        node = tree.setdefault(part, {})
        # An empty list is sent as an empty text; both a text and parts of it is two requests in one.
        if not isinstance(node, dict):
            raise _malformed(name)
        tree = node
    if last in tree:
        raise _malformed(name)
    tree[last] = text


def _read(model: ServiceModel, shape_name: str, node: Any, path: str) -> Any:
    shape = model.shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        return _structure(model, shape, node, path)
    if kind == "list":
        entries = _numbered(node, "member", path)
        return [_read(model, shape["member"]["shape"], entry, path) for entry in entries]
    if kind == "map":
        entries = _numbered(node, "entry", path)
        return dict(_pair(model, shape, entry, path) for entry in entries)
    if not isinstance(node, str):
        raise _malformed(path)
    return _scalar(kind, node, path)


def _structure(model: ServiceModel, shape: Mapping[str, Any], node: Any, path: str) -> dict[str, Any]:
    if not isinstance(node, dict):
        raise _malformed(path)
    return {
        name: _read(model, member["shape"], node[name], f"{path}.{name}" if path else name)
        for name, member in shape["members"].items()
        if name in node
    }


def _numbered(node: Any, word: str, path: str) -> list[Any]:
    if node == "":
        return []
    entries = node.get(word) if isinstance(node, dict) and node.keys() == {word} else None
    if not isinstance(entries, dict) or not all(_INDEX.fullmatch(index) for index in entries):
        raise _malformed(path)
    return [entries[index] for index in sorted(entries, key=int)]


def _pair(model: ServiceModel, shape: Mapping[str, Any], entry: Any, path: str) -> tuple[str, Any]:
    if not isinstance(entry, dict) or entry.keys() != {"key", "value"}:
        raise _malformed(path)
    return entry["key"], _read(model, shape["value"]["shape"], entry["value"], path)


def _scalar(kind: str, text: str, path: str) -> Any:
    if kind in ("string", "blob"):
        return text
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in ("integer", "long") and _INTEGER.fullmatch(text):
        return int(text)
    # No operation of ours takes a time or a fraction in a form.
    raise _malformed(path)


def _malformed(name: str) -> AwsError:
    return AwsError("MalformedInput", f"The parameter {name[:128]!r} cannot be read.")


def _written(model: ServiceModel, shape_name: str, value: Any) -> str:
    shape = model.shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        members = ((name, member["shape"]) for name, member in shape["members"].items())
        return "".join(
            f"<{name}>{_written(model, inner, value[name])}</{name}>"
            for name, inner in members
            if value.get(name) is not None
        )
    if kind == "list":
        inner = shape["member"]["shape"]
        return "".join(f"<member>{_written(model, inner, item)}</member>" for item in value)
    if kind == "map":
        inner = shape["value"]["shape"]
        pairs = ((escaped(key), _written(model, inner, item)) for key, item in value.items())
        return "".join(f"<entry><key>{key}</key><value>{item}</value></entry>" for key, item in pairs)
    if kind == "timestamp":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind == "boolean":
        return "true" if value else "false"
    return escaped(str(value))


def escaped(text: str) -> str:
    """Attack: a name with a character that XML cannot hold, which makes an answer that nobody can read."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
