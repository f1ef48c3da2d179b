"""The HTTP APIs of the stack as their callers reach them: `/_aws/execute-api/API_ID/STAGE/…`."""

from __future__ import annotations

import contextvars
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

from localcloud.aws.calls import Reply
from localcloud.aws.jwt_authorizer import JwtAuthorizer
from localcloud.aws.seams import Seams
from localcloud.errors import AwsError

PREFIX = "/_aws/execute-api/"

# Attack: a route with an authorizer that nobody asks. A deploy refuses such routes, but CreateRoute makes them too.
_AUTHORIZATION_TYPES = frozenset({"NONE", "JWT", "AWS_IAM"})

_log = logging.getLogger(__name__)


class Integration(NamedTuple):
    """The function that a route invokes, as its integration names it, and the route as `aws:SourceArn` names it.

    `caller` is what the function learns of whoever IAM let in: `requestContext.authorizer.iam`.
    """

    function: str
    source_arn: str
    caller: Mapping[str, Any] | None = None


invoking: contextvars.ContextVar[Integration | None] = contextvars.ContextVar("invoking", default=None)
"""What a function is being invoked for; None when it is not for an HTTP API."""


def install(seams: Seams, apigateway: ModuleType, authorizer: JwtAuthorizer) -> None:
    """Take the place of the engine's own ways to tell who calls."""
    seams.replace(apigateway, "_validate_jwt_authorizer", authorizer)
    seams.replace(apigateway, "_iam_caller_identity_v2", caller)


def caller(headers: Mapping[str, str], query: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Whoever IAM let in. Stands where the engine has its own, which believes any access key that a header names."""
    integration = invoking.get()
    return integration and integration.caller


def _admit_nobody(path: str) -> Mapping[str, Any]:
    raise AwsError("AccessDeniedException", "Nobody decides on signed requests here.", 403)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request as it came. `path` is percent-encoded and starts with PREFIX; header names are lower case.

    `admit` decides on a route that needs IAM: it is told the decoded path with its stage, gives what the function
    learns of the caller, and raises AwsError for anyone else.
    """

    method: str
    path: str
    query_string: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    admit: Callable[[str], Mapping[str, Any]] = _admit_nobody


async def execute(apigateway: Any, request: ApiRequest, account: str, region: str) -> Reply:
    """Serve a request with the engine's API Gateway module, inside its scope."""
    api_id, _, rest = request.path.removeprefix(PREFIX).partition("/")
    stage, path = _stage_and_path(apigateway, api_id, rest)
    route = apigateway._match_route(api_id, request.method, "/" + path.lstrip("/")) or {}
    authorization = route.get("authorizationType") or "NONE"
    if authorization not in _AUTHORIZATION_TYPES:
        _log.error("API %s: %s is not supported by the local cloud", api_id, authorization)
        return _answer(500, "Internal Server Error")
    headers, admitted = dict(request.headers), None
    # A preflight is the API's own to answer, whatever its routes ask for.
    if authorization == "AWS_IAM" and request.method != "OPTIONS":
        try:
            admitted = request.admit(f"{PREFIX}{api_id}/{stage}{path}")
        except AwsError as error:
            _log.info("API %s: %s", api_id, error)
            return _answer(403, "Forbidden")
        # The engine asks for the header, which a signature in the query has no need of.
        headers.setdefault("authorization", "")
    resource = route.get("routeKey", "").rpartition(" ")[2].lstrip("/")
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage}/{request.method}/{resource}"
    token = invoking.set(Integration(_function(apigateway, api_id, route), source, admitted))
    try:
        query = {name: list(values) for name, values in request.query.items()}
        arguments = (api_id, stage, path, request.method, headers, request.body, query)
        status, answered, body = await apigateway.handle_execute(*arguments, raw_query_string=request.query_string)
    except Exception:
        # A fault of the engine's, of whatever kind, is answered as API Gateway answers one of its own.
        _log.exception("API %s: %s %s", api_id, request.method, resource)
        return _answer(500, "Internal Server Error")
    finally:
        invoking.reset(token)
    # A function may answer `"body": null`: no body at all.
    return Reply(status, tuple(flat(answered)), body or b"")


def flat(headers: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The engine's headers one by one: a list stands for a header that comes several times."""
    return [
        (name, str(item))
        for name, value in headers.items()
        for item in (value if isinstance(value, list | tuple) else [value])
    ]


def _stage_and_path(apigateway: Any, api_id: str, rest: str) -> tuple[str, str]:
    # The path of the `$default` stage may name it or not: AWS serves it from the root.
    path: str = apigateway.decode_http_api_path(rest)
    first, _, remainder = path.partition("/")
    return (first, "/" + remainder) if first in apigateway.stages_for_api(api_id) else ("$default", "/" + path)


def _function(apigateway: Any, api_id: str, route: Mapping[str, Any]) -> str:
    integrations = apigateway._integrations.get(api_id) or {}
    integration = integrations.get(route.get("target", "").rpartition("/")[2]) or {}
    function: str = apigateway._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", ""))
    return function


def _answer(status: int, message: str) -> Reply:
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Reply(status, (("Content-Type", "application/json"),), body)
