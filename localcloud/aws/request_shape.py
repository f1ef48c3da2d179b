"""Whether a call fits the model of its service. The engine takes what comes: it would keep nonsense, or fail on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import orjson

from localcloud.aws.services import SERVICES
from localcloud.errors import AwsError
from localcloud.iam.actions import Call, _s3_xml
from localcloud.wire import model, protocol, validation
from localcloud.wire.model import ServiceModel

_INVALID = {"s3": "InvalidArgument", "lambda": "InvalidParameterValueException"}
_SCALARS = frozenset({"string", "integer", "long", "boolean"})
_BODY_OPTIONAL = frozenset({"CreateBucket", "PutBucketAcl", "PutObjectAcl"})
_MAX_KEY = 1024
_MAX_EVENT = 6_291_556
"""Bytes of a synchronous invocation's payload. Source: Lambda quotas, and the message of the error itself."""


def check(call: Call) -> None:
    """Raise AwsError, in the service's own words, unless the call's members have the model's types and limits.

    An operation that the model does not have is left to the engine, which refuses it by name.
    """
    service = SERVICES.get(call.service)
    known = model.load(call.service) if service else None
    operation = known.operations.get(call.operation) if known else None
    if service is None or known is None or operation is None or not operation.input:
        return
    shape = known.shapes[operation.input]
    if service.protocol == "json":
        validation.check_members(known, shape, call.params, "ValidationException")
    elif service.protocol == "query":
        _check_form(known, shape, call)
    else:
        _check_numbers(known, shape, call)
        (_check_object if call.service == "s3" else _check_body)(known, shape, call)


def _check_form(known: ServiceModel, shape: Mapping[str, Any], call: Call) -> None:
    """The scalars of a form; lists and structures, spread over many fields, are the engine's to read."""
    members = {name: entry for name, entry in shape["members"].items() if _kind(known, entry) in _SCALARS}
    required = [name for name in shape.get("required", ()) if name in members]
    values = {
        name: _typed(_kind(known, members[name]), call.params[name]) for name in members.keys() & call.params.keys()
    }
    validation.check_members(known, {"required": required, "members": members}, values, "ValidationError")


def _typed(kind: str, text: str) -> Any:
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[text]
        return text if kind == "string" else int(text)
    except (ValueError, KeyError):
        raise AwsError("MalformedInput", f"{text[:64]!r} is not of type {kind}") from None


def _check_numbers(known: ServiceModel, shape: Mapping[str, Any], call: Call) -> None:
    for entry in shape["members"].values():
        if entry.get("location") != "querystring" or _kind(known, entry) != "integer":
            continue
        for text in call.query.get(entry["locationName"], ()):
            if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 1 << 31):
                message = f"Provided {entry['locationName']} not an integer or within integer range"
                raise AwsError(_invalid(call), message)


def _check_object(known: ServiceModel, shape: Mapping[str, Any], call: Call) -> None:
    if len(call.path.partition("/")[2].partition("/")[2].encode()) > _MAX_KEY:
        raise AwsError("KeyTooLongError", "Your key is too long")
    payload = shape.get("payload", "")
    entry = shape["members"].get(payload, {})
    if not entry or _kind(known, entry) != "structure":
        return
    if call.body or call.operation not in _BODY_OPTIONAL:
        root = _s3_xml.parse(call.body, entry["locationName"])
        if call.operation == "CompleteMultipartUpload":
            _check_parts(root)


def _check_parts(root: Element) -> None:
    """The engine would complete an upload without its parts, and so throw them away."""
    numbers = [part.findtext("PartNumber", "") for part in root if part.findtext("ETag")]
    if not numbers or len(numbers) < len(root) or not all(text.isascii() and text.isdigit() for text in numbers):
        raise _s3_xml.malformed()


def _check_body(known: ServiceModel, shape: Mapping[str, Any], call: Call) -> None:
    if (call.service, call.operation) == ("lambda", "Invoke"):
        return _check_event(call.body)
    members = {
        entry.get("locationName", name): entry for name, entry in shape["members"].items() if "location" not in entry
    }
    if members and "payload" not in shape:
        required = [shape["members"][name].get("locationName", name) for name in shape.get("required", ())]
        body = {"members": members, "required": [name for name in required if name in members]}
        validation.check_members(known, body, protocol.parse_json(call.body), _invalid(call))
    return None


def _check_event(body: bytes) -> None:
    if len(body) > _MAX_EVENT:
        message = f"Request must be smaller than {_MAX_EVENT} bytes for the InvokeFunction operation"
        raise AwsError("RequestTooLargeException", message, 413)
    try:
        orjson.loads(body or b"{}")
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise AwsError("InvalidRequestContentException", message) from error


def _kind(known: ServiceModel, entry: Mapping[str, Any]) -> str:
    return str(known.shapes[entry["shape"]]["type"])


def _invalid(call: Call) -> str:
    return _INVALID.get(call.service, "BadRequestException")
