"""From an authorised call to the request that the engine gets: built anew, so that it can mean nothing else.

Attack: a request that IAM reads as one operation and the engine as another: a second `Action`, an `X-Amz-Target` on an
S3 call, `?x-amz-copy-source=` or `?tagging` on a PutObject. What the operation does not declare never gets through.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from localcloud.aws.services import Service
from localcloud.errors import AwsError
from localcloud.iam.actions import Call
from localcloud.wire import model


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """What an engine module's `handle_request` takes. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Declared:
    """The query parameters and `x-amz-` headers of one REST operation; `prefixes` for maps such as user metadata."""

    query: frozenset[str]
    headers: frozenset[str]
    prefixes: tuple[str, ...]


def canonical(call: Call, service: Service, host: str) -> EngineRequest:
    """The request of one call. Raises AwsError when the body of a query service names another action."""
    if service.protocol == "json":
        kind = call.headers.get("content-type", "application/x-amz-json-1.1")
        target = {"x-amz-target": f"{service.target}.{call.operation}", "content-type": kind}
        return EngineRequest("POST", "/", _signed_by(call, host) | target, call.body, {})
    if service.protocol == "query":
        form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return EngineRequest("POST", "/", _signed_by(call, host) | form, _form(call), {})
    declared = _declared(call.service).get(call.operation)
    if declared is None:
        raise _unknown(call)
    query = {name: list(values) for name, values in call.query.items() if name in declared.query}
    headers = {name: value for name, value in call.headers.items() if _passes(name.lower(), declared)}
    headers = {name.lower(): value for name, value in headers.items()} | _signed_by(call, host)
    if call.body or call.method in ("POST", "PUT", "PATCH"):
        headers["content-length"] = str(len(call.body))
    return EngineRequest(call.method, call.path, headers, call.body, query)


def _unknown(call: Call) -> AwsError:
    if call.service == "s3":
        return AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    return AwsError("UnknownOperationException", f"{call.service} has no such operation.", 404)


def _signed_by(call: Call, host: str) -> dict[str, str]:
    # The engine reads account and region off the signature. It gets the account's own, never the caller's: whoever
    # called was checked before, and a key that the engine does not know must not fall to another tenant.
    scope = f"{call.account}/20000101/{call.region}/{call.service}/aws4_request"
    return {"host": host, "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def _form(call: Call) -> bytes:
    fields = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)
    fields = fields or [(name, value) for name, values in call.query.items() for value in values]
    given = dict(fields)
    if given.get("Action") != call.operation or len(given) < len(fields):
        raise AwsError("MalformedQueryString", "The request names no action, another one, or a parameter twice.")
    return urlencode(fields).encode()


def _passes(header: str, declared: _Declared) -> bool:
    if header in ("host", "authorization", "content-length", "transfer-encoding"):
        return False
    if header.startswith("x-amz-"):
        return header in declared.headers or header.startswith(declared.prefixes)
    return True


@functools.cache
def _declared(service: str) -> Mapping[str, _Declared]:
    """By operation: what botocore's model lets a request of a REST service carry."""
    raw = model.read(service)
    return {name: _declaration(operation, raw["shapes"]) for name, operation in raw["operations"].items()}


def _declaration(operation: Mapping[str, Any], shapes: Mapping[str, Any]) -> _Declared:
    members = shapes[operation["input"]["shape"]]["members"].values() if "input" in operation else ()
    places: dict[str, set[str]] = {"querystring": set(), "header": set(), "headers": set()}
    for member in members:
        name, place = member.get("locationName", ""), member.get("location")
        # A map in the query string may carry any name. No such operation is used, so none gets through.
        if place == "querystring" and shapes[member["shape"]]["type"] != "map":
            places["querystring"].add(name)
        elif place in ("header", "headers"):
            places[place].add(name.lower())
    _, _, literal = operation["http"]["requestUri"].partition("?")
    return _Declared(
        frozenset(places["querystring"] | parse_qs(literal, keep_blank_values=True).keys()),
        frozenset(places["header"]),
        tuple(places["headers"] - {""}),
    )
