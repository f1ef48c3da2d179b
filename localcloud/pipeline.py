"""The one way of every AWS call:

    resolve ► authenticate ► authorize ► validate ► handle ► render

An operation cannot forget a shared step, because it never performs one. Our own services end in
`<service>/operations/<op>.py`, all others in the engine, which is told and never asked.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from localcloud import authorization, callers, forwarding, model, protocol, sigv4, validation
from localcloud.aws.engine import Engine
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.http import BodyTooLargeError, HttpRequest, HttpResponse, Receive, Scope, Send, read_body, read_head, write
from localcloud.model import Operation, ServiceModel
from localcloud.protocol import Target

OWN = {"cognito-idp": "userpool", "cognito-identity": "identitypool"}
"""Our own services, and the packages that hold their operations."""

_INVALID = {"cognito-idp": "InvalidParameterException", "cognito-identity": "ValidationException"}
_MAX_BODY = {"cognito-idp": 1 << 20, "cognito-identity": 1 << 20, "s3": None}
_MAX_OTHER_BODY = 64 << 20

log = logging.getLogger("localcloud")

Handler = Callable[[Context, Mapping[str, Any]], dict[str, Any]]


class Pipeline:
    """Takes AWS calls, one after another, for one cloud."""

    def __init__(self, cloud: Cloud, engine: Engine, executor: Executor, *, enforce: bool = True) -> None:
        """`enforce` False takes every key as root's and looks at no signature and no policy."""
        self._cloud = cloud
        self._engine = engine
        self._executor = executor
        self._enforce = enforce

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        request_id = str(uuid.uuid4())
        head = read_head(scope)
        service = _service_hint(head)
        try:
            body = await read_body(receive, _MAX_BODY.get(service, _MAX_OTHER_BODY))
            request = HttpRequest(head.method, head.raw_path, head.raw_query, head.headers, body, head.client_ip)
            response = await self._serve(request, request_id)
        except BodyTooLargeError:
            error = AwsError("RequestEntityTooLargeException", "The request body is too large.", 413)
            response = protocol.render_error(service, error, request_id)
        except AwsError as error:
            response = protocol.render_error(service, error, request_id)
        except Exception:
            # A fault of ours: the log has it, the caller learns nothing from it.
            log.exception("request %s failed", request_id)
            error = AwsError("InternalErrorException", "Internal server error", 500)
            response = protocol.render_error(service, error, request_id)
        await write(send, _with_cors(head, service, response), head=head.method == "HEAD")

    async def _serve(self, request: HttpRequest, request_id: str) -> HttpResponse:
        credential = sigv4.parse(request.method, request.raw_path, request.raw_query, request.headers)
        plain = forwarding.path_style(request)
        target = protocol.resolve(plain, credential.service if credential else None)
        if target.service in OWN:
            return await self._serve_own(request, request_id, target, credential)
        caller = self._authenticate(request, target, credential)
        await self._engine.ready()
        call = forwarding.describe(plain, target, self._cloud, credential)
        refused = authorization.authorize(self._cloud, self._engine, caller, call, enforce=self._enforce)
        return await forwarding.forward(
            self._engine, self._cloud, caller, call, plain, refused, enforce=self._enforce
        )

    async def _serve_own(
        self, request: HttpRequest, request_id: str, target: Target, credential: sigv4.Credential | None
    ) -> HttpResponse:
        service = model.load(target.service)
        operation = service.operations.get(target.operation)
        if operation is None:
            raise AwsError("UnknownOperationException", f"{target.service} has no operation {target.operation[:64]!r}.")
        principal_arn = ""
        if operation.signed:
            if self._enforce and credential is not None and credential.access_key != callers.ROOT_KEY:
                await self._engine.ready()
            caller = self._authenticate(request, target, credential)
            call = forwarding.describe(request, target, self._cloud, credential)
            authorization.authorize(self._cloud, self._engine, caller, call, enforce=self._enforce)
            principal_arn = caller.principal.value
        context = Context(
            cloud=self._cloud,
            request_id=request_id,
            source_ip=request.client_ip,
            user_agent=request.headers.get("user-agent", ""),
            principal_arn=principal_arn,
        )
        work = functools.partial(_run, service, operation, context, target.params)
        result = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        return protocol.render(result, request_id)

    def _authenticate(
        self, request: HttpRequest, target: Target, credential: sigv4.Credential | None
    ) -> callers.Caller:
        if not self._enforce:
            return callers.root(self._cloud)
        if credential is None:
            if target.service == "s3":
                return callers.anonymous()
            raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token")
        # Attack: a signature for one service, replayed to another one.
        if credential.service != target.signing_name:
            message = f"Credential should be scoped to correct service: '{target.signing_name}'."
            raise AwsError("InvalidSignatureException", message)
        caller = callers.find_caller(self._cloud, self._engine, credential)
        # SigV4 dates stay on real time: a client signs with its own clock, whatever the cloud's says.
        sigv4.verify(
            credential,
            caller.secret,
            request.method,
            request.raw_path,
            request.raw_query,
            request.headers,
            request.body,
            time.time(),
        )
        return caller


def _run(service: ServiceModel, operation: Operation, context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    handler = _handler(operation)
    validation.check(service, operation, params, _INVALID[service.name])
    given = {name: value for name, value in params.items() if value is not None}
    return handler(context, given)


@functools.cache
def _handler(operation: Operation) -> Handler:
    name = f"localcloud.{OWN[operation.service]}.operations.{operation.snake_name}"
    try:
        handler: Handler = importlib.import_module(name).handle
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        message = f"{operation.name} is not supported by the local cloud."
        raise AwsError("UnsupportedOperationException", message) from error
    return handler


def _service_hint(head: HttpRequest) -> str:
    """The service whose error form and size limit fit, before anything of the request is checked."""
    target = head.headers.get("x-amz-target", "").rpartition(".")[0]
    if target:
        return protocol.JSON_TARGETS.get(target, "json")
    scope = head.headers.get("authorization", "").partition("Credential=")[2].split(",")[0].split("/")
    if len(scope) == 5:
        return scope[3]
    return "sts" if head.headers.get("content-type", "").startswith("application/x-www-form-urlencoded") else "s3"


def _with_cors(head: HttpRequest, service: str, response: HttpResponse) -> HttpResponse:
    """Cognito lets every web origin call it, as on AWS; a bucket's own CORS rules are the engine's."""
    if service not in OWN or "origin" not in head.headers:
        return response
    headers = {
        **response.headers,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    }
    return HttpResponse(response.status, response.body, headers)
