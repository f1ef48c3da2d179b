"""Calls as boto3 has them, without a socket: parameters to an AWS call, and the engine's reply to the answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from localcloud.errors import AwsError
from localcloud.iam.actions import Call


@dataclass(frozen=True, slots=True)
class Reply:
    """What the engine answered, to be sent as it is."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def build(service: str, operation: str, parameters: Mapping[str, Any], region: str, account: str) -> Call:
    """The call that boto3 would send. Raises botocore's ParamValidationError."""
    model, serializer, _ = _protocol(service)
    request = serializer.serialize_to_request(parameters, model.operation_model(operation))
    url = urlsplit(request["url_path"])
    query = parse_qs(url.query, keep_blank_values=True)
    for name, value in (request["query_string"] or {}).items():
        query[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    return Call(
        service=service,
        operation=operation,
        region=region,
        account=account,
        method=request["method"],
        path=unquote(url.path),
        query=query,
        headers={name.lower(): str(value) for name, value in request["headers"].items()},
        body=body if isinstance(body, bytes) else str(body).encode(),
        params=parameters,
    )


def parse(service: str, operation: str, reply: Reply) -> dict[str, Any]:
    """The answer as boto3 gives it. Raises AwsError for an error."""
    model, _, parser = _protocol(service)
    shape = model.operation_model(operation).output_shape
    response = {"status_code": reply.status, "headers": _headers(reply), "body": reply.body}
    answer: dict[str, Any] = parser.parse(response, shape)
    if reply.status >= 300:
        error = answer.get("Error", {})
        raise AwsError(error.get("Code", "InternalFailure"), error.get("Message", ""), reply.status)
    answer.pop("ResponseMetadata", None)
    return answer


def _headers(reply: Reply) -> Any:
    from botocore.awsrequest import HeadersDict

    return HeadersDict(dict(reply.headers))


@functools.cache
def _protocol(service: str) -> tuple[Any, Any, Any]:
    # botocore takes longer to import than this server may take to start, so it comes with the first call.
    from botocore import parsers, serialize
    from botocore.model import ServiceModel

    model = ServiceModel(_loader().load_service_model(service, "service-2"), service)
    protocol = model.resolved_protocol
    parser = parsers.ResponseParserFactory().create_parser(protocol)
    return model, serialize.create_serializer(protocol, include_validation=True), parser


@functools.cache
def _loader() -> Any:
    """One for all services: each looks through the folders of four hundred first."""
    from botocore.loaders import Loader

    return Loader()
