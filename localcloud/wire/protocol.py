"""AWS's wire protocols: which service and operation a request names, and how results and errors are written."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from localcloud import own_services
from localcloud.aws.services import SERVICES
from localcloud.errors import AwsError
from localcloud.iam.actions import s3
from localcloud.wire import model, query_protocol
from localcloud.wire.http import HttpRequest, HttpResponse
from localcloud.wire.model import Operation

JSON_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
    "AmazonSSM": "ssm",
    "AWSStepFunctions": "stepfunctions",
    **{service.target: name for name, service in SERVICES.items() if service.target},
}
"""`X-Amz-Target` prefixes and the services they stand for, known ones that are not here among them."""

QUERY_SERVICES = frozenset({"sts", *(name for name, service in SERVICES.items() if service.protocol == "query")})
"""Services that take forms and answer in XML."""

_REST = {"lambda": "lambda", "apigateway": "apigatewayv2", "ses": "sesv2"}
"""Signing names of REST services, and the services they stand for."""

_MAX_DEPTH = 200
_SIGNING_NAMES = {
    "stepfunctions": "states",
    "dynamodbstreams": "dynamodb",
    "apigatewayv2": "apigateway",
    "sesv2": "ses",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a request asks for: `params` is the parsed body of a JSON or query service.

    They are nested for an operation of ours; for one of the engine's that speaks forms they are its fields.
    """

    service: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def signing_name(self) -> str:
        """The service name that must stand in the credential scope."""
        return _SIGNING_NAMES.get(self.service, self.service)


def speaks_json(request: HttpRequest) -> bool:
    """Whether a client of a JSON service sent this: it can read no other answer."""
    kind = request.headers.get("content-type", "")
    target = request.headers.get("x-amz-target", "")
    return bool(target) or (request.method == "POST" and kind.startswith("application/x-amz-json"))


def speaks_form(request: HttpRequest) -> bool:
    """Whether a client of a query service sent this."""
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def rest_service(request: HttpRequest, signed_for: str) -> str:
    """The REST service that a signing name stands for, if any. SES has one name for two APIs, of which one is forms."""
    return "" if signed_for in QUERY_SERVICES and speaks_form(request) else _REST.get(signed_for, "")


def service_hint(head: HttpRequest) -> str:
    """The service whose error form and size limit fit, before anything of the request is checked."""
    signed = head.headers.get("authorization", "").partition("Credential=")[2]
    scope = (signed.split(",")[0] or head.query.get("X-Amz-Credential", [""])[0]).split("/")
    service = scope[3] if len(scope) == 5 else ""
    if service != "s3" and speaks_json(head):
        return JSON_TARGETS.get(head.headers.get("x-amz-target", "").rpartition(".")[0], "json")
    if service:
        return rest_service(head, service) or service
    return "sts" if speaks_form(head) else "s3"


def resolve(request: HttpRequest, signed_for: str | None) -> Target:
    """What the request asks for; `signed_for` is the service in its signature, None when it has none.

    Raises AwsError: UnknownOperationException, SerializationException.
    """
    # A signature for S3 is for S3, whatever else the headers say. Attack: one service decided, another one called.
    if signed_for != "s3" and speaks_json(request):
        return _resolve_json(request.headers.get("x-amz-target", ""), request.body)
    if rest := rest_service(request, signed_for or ""):
        return Target(rest, _rest_operation(rest, request.method, request.path))
    if speaks_form(request) and signed_for != "s3":
        return _resolve_query(request.body, signed_for or "sts")
    if signed_for in (None, "s3"):
        return Target("s3", s3.operation(request.method, request.path, request.query, request.headers))
    return Target(signed_for, "")


def parse_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises SerializationException for anything else."""
    if not body:
        return {}
    try:
        parsed = orjson.loads(body)
    except ValueError as error:
        raise AwsError("SerializationException", "The request body is not valid JSON.") from error
    if not isinstance(parsed, dict):
        raise AwsError("SerializationException", "Start of structure or map found where not expected.")
    if body.count(b"[") + body.count(b"{") > _MAX_DEPTH and _is_deep(parsed):
        raise AwsError("SerializationException", "The request is nested too deeply.")
    return parsed


def render(operation: Operation, result: Mapping[str, Any], request_id: str) -> HttpResponse:
    """The result of one of our own operations, as its service writes it."""
    if operation.service not in QUERY_SERVICES:
        return HttpResponse(200, orjson.dumps(result), _json_headers(request_id))
    text = query_protocol.write(model.load(operation.service), operation, result, request_id)
    return HttpResponse(200, text, {"content-type": "text/xml", "x-amzn-requestid": request_id})


def render_error(service: str, error: AwsError, request_id: str) -> HttpResponse:
    """An error as the service's protocol writes it."""
    if service == "s3":
        text = xml_document("Error", {"Code": error.code, "Message": error.message, "RequestId": request_id})
        return HttpResponse(error.status, text, {"content-type": "application/xml", "x-amz-request-id": request_id})
    if service in QUERY_SERVICES:
        inner = _elements({"Type": "Sender", "Code": error.code, "Message": error.message})
        text = f"<ErrorResponse><Error>{inner}</Error><RequestId>{request_id}</RequestId></ErrorResponse>".encode()
        return HttpResponse(error.status, text, {"content-type": "text/xml", "x-amzn-requestid": request_id})
    body = orjson.dumps({"__type": error.code, "message": error.message})
    headers = {
        **_json_headers(request_id),
        "x-amzn-errortype": error.code,
        "x-amzn-errormessage": _header(error.message),
    }
    return HttpResponse(error.status, body, headers)


def _resolve_json(target: str, body: bytes) -> Target:
    prefix, _, operation = target.rpartition(".")
    service = JSON_TARGETS.get(prefix)
    if service is None:
        raise AwsError("UnknownOperationException", f"The local cloud has no service for the target {prefix[:64]!r}.")
    return Target(service, operation, parse_json(body))


def _resolve_query(body: bytes, service: str) -> Target:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10_000)
    except ValueError as error:
        raise AwsError("MalformedQueryString", "The request body is not a valid form.") from error
    fields = dict(pairs)
    if "Action" not in fields:
        raise AwsError("MissingAction", "The request must contain the parameter Action.")
    # Attack: `Action` or a role twice, decided by one reading and carried out by another.
    if len(fields) != len(pairs):
        raise AwsError("MalformedQueryString", "The request names a parameter twice.")
    name = fields["Action"]
    known = model.load(service).operations.get(name) if own_services.is_ours(service, name) else None
    return Target(service, name, fields if known is None else query_protocol.read(model.load(service), known, fields))


@functools.cache
def _rest_routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    routes = []
    for name, (method, uri) in model.http_bindings(service).items():
        parts = re.split(r"(\{[^}]+\})", uri.split("?")[0])
        pattern = "".join(
            (".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
        )
        routes.append((method, re.compile(pattern + "/?"), name))
    # The most literal route first: `/functions/{name}/invocations` before anything that `{name}` could swallow.
    return sorted(routes, key=lambda route: -len(route[1].pattern))


def _rest_operation(service: str, method: str, path: str) -> str:
    for verb, pattern, name in _rest_routes(service):
        if verb == method and pattern.fullmatch(path):
            return name
    return ""


def _json_headers(request_id: str) -> dict[str, str]:
    return {"content-type": "application/x-amz-json-1.1", "x-amzn-requestid": request_id}


def _is_deep(document: Any) -> bool:
    """Whether a document nests deeper than its next reader can follow."""
    level = [document]
    for _ in range(_MAX_DEPTH):
        level = [item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer)]
        level = [item for item in level if isinstance(item, dict | list)]
    return bool(level)


def _header(text: str) -> str:
    """A text that can stand in a header. Attack: a line break in a message that splits the response."""
    return "".join(c if " " <= c <= "~" else " " for c in text)[:1024]


def xml_document(root: str, fields: Mapping[str, str]) -> bytes:
    """An element with one element for each field, as UTF-8."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{_elements(fields)}</{root}>'.encode()


def _elements(fields: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{query_protocol.escaped(value)}</{name}>" for name, value in fields.items())
