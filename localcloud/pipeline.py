"""The one way of every AWS call:

    resolve ► authenticate ► authorize ► validate ► handle ► render

An operation cannot forget a shared step, because it never performs one. Our own services end in
`<service>/operations/<op>.py`, all others in the engine, which is told and never asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import importlib
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from localcloud import callers, forwarding, model, protocol, sigv4, validation
from localcloud.authorization import Authorizer, denied
from localcloud.aws.engine import Engine
from localcloud.callers import Caller
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.http import (
    BodyTooLargeError,
    ClientGoneError,
    HttpRequest,
    HttpResponse,
    Receive,
    Scope,
    Send,
    is_from_page,
    read_body,
    read_head,
    write,
)
from localcloud.model import Operation
from localcloud.protocol import Target
from localcloud.refusals import Decisions, Finding, RefusedError
from localcloud.sigv4 import aws_chunked

OWN = {"cognito-idp": "userpool", "cognito-identity": "identitypool"}
"""Our own services, and the packages that hold their operations."""

_INVALID = {"cognito-idp": "InvalidParameterException", "cognito-identity": "ValidationException"}
_MAX_BODY = {"cognito-idp": 1 << 20, "cognito-identity": 1 << 20, "s3": 5 << 30}
_MAX_OTHER_BODY = 64 << 20
_LOCAL_PAGE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$")
_TOO_LARGE = AwsError("RequestEntityTooLargeException", "The request body is too large.", 413)
_INTERNAL = AwsError("InternalErrorException", "Internal server error", 500)

_UNSIGNED_AT_ONCE = 64
"""Calls without a signature that run at once: functions sign theirs, and must always find a thread.

Attack, or just a load test: sign-ins that take every thread and wait for functions, whose own calls then wait for them.
"""

log = logging.getLogger("localcloud")

Handler = Callable[[Context, Mapping[str, Any]], dict[str, Any]]


class Pipeline:
    """Takes AWS calls, one after another, for one cloud."""

    def __init__(
        self,
        cloud: Cloud,
        engine: Engine,
        engine_ready: Callable[[], Awaitable[None]],
        authorizer: Authorizer,
        decisions: Decisions,
        executor: Executor,
    ) -> None:
        """`engine_ready` waits for the engine, which starts later than this server answers."""
        self._cloud = cloud
        self._engine = engine
        self._engine_ready = engine_ready
        self._authorizer = authorizer
        self._decisions = decisions
        self._executor = executor
        self._unsigned = asyncio.Semaphore(_UNSIGNED_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        request_id = str(uuid.uuid4())
        head = read_head(scope)
        service = _service_hint(head)
        try:
            body = await read_body(receive, _MAX_BODY.get(service, _MAX_OTHER_BODY))
            response = await self._serve(dataclasses.replace(head, body=body), request_id)
        except BodyTooLargeError:
            response = protocol.render_error(service, _TOO_LARGE, request_id)
        except AwsError as error:
            response = protocol.render_error(service, error, request_id)
        except ClientGoneError:
            raise
        except Exception:
            # A fault of ours: the log has it, the caller learns nothing from it.
            log.exception("request %s failed", request_id)
            response = protocol.render_error(service, _INTERNAL, request_id)
        await write(send, _with_cors(head, service, response), head=head.method == "HEAD")

    async def _serve(self, request: HttpRequest, request_id: str) -> HttpResponse:
        credential = sigv4.parse(request.method, request.raw_path, request.raw_query, request.headers)
        plain = forwarding.path_style(request)
        if request.method == "OPTIONS":
            await self._engine_ready()
            return forwarding.as_response(self._engine.preflight(plain.path, plain.headers))
        target = protocol.resolve(plain, credential.service if credential else None)
        try:
            if target.service in OWN:
                return await self._serve_own(request, request_id, target, credential)
            return await self._serve_engine(request, plain, request_id, target, credential)
        except RefusedError as error:
            self._keep(request_id, target, error.findings, error)
            raise

    async def _serve_engine(
        self,
        request: HttpRequest,
        plain: HttpRequest,
        request_id: str,
        target: Target,
        credential: sigv4.Credential | None,
    ) -> HttpResponse:
        await self._engine_ready()
        caller, body = self._authenticate(request, target, credential)
        if (target.service, target.operation) == ("sts", "GetCallerIdentity"):
            # Always allowed, even against a Deny. Source: STS API reference, GetCallerIdentity.
            return protocol.render_caller(caller.principal.value, caller.user_id, self._cloud.account, request_id)
        region = credential.region if credential else self._cloud.region
        call = forwarding.describe(plain, target, body, region, self._cloud.account)
        caller = callers.with_signature_age(caller, credential, time.time())
        findings = self._authorizer.authorize(caller, call)
        self._keep(request_id, target, findings)
        response = await forwarding.forward(self._engine, self._authorizer, caller, call, findings)
        name = "x-amz-request-id" if target.service == "s3" else "x-amzn-requestid"
        return dataclasses.replace(response, headers={**response.headers, name: request_id})

    async def _serve_own(
        self, request: HttpRequest, request_id: str, target: Target, credential: sigv4.Credential | None
    ) -> HttpResponse:
        operation = model.load(target.service).operations.get(target.operation)
        if operation is None:
            raise AwsError("UnknownOperationException", f"{target.service} has no operation {target.operation[:64]!r}.")
        principal_arn = ""
        if operation.signed:
            principal_arn = await self._admit(request, request_id, target, credential)
        context = Context(
            cloud=self._cloud,
            request_id=request_id,
            source_ip=request.client_ip,
            user_agent=request.headers.get("user-agent", ""),
            principal_arn=principal_arn,
        )
        work = functools.partial(_run, operation, context, target.params)
        async with contextlib.nullcontext() if operation.signed else self._unsigned:
            result = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        return protocol.render(result, request_id)

    async def _admit(
        self, request: HttpRequest, request_id: str, target: Target, credential: sigv4.Credential | None
    ) -> str:
        """The ARN of a caller who may make this call of ours; only callers other than root need the engine for it."""
        if credential is not None and credential.access_key != callers.ROOT_KEY:
            await self._engine_ready()
        caller, body = self._authenticate(request, target, credential)
        if not caller.is_root:
            region = credential.region if credential else self._cloud.region
            call = forwarding.describe(request, target, body, region, self._cloud.account)
            self._keep(request_id, target, self._authorizer.authorize(caller, call))
        return caller.principal.value

    def _keep(
        self, request_id: str, target: Target, findings: Sequence[Finding], error: AwsError | None = None
    ) -> None:
        self._decisions.keep(request_id, self._cloud.clock.now(), target.service, target.operation, findings, error)

    def _authenticate(
        self, request: HttpRequest, target: Target, credential: sigv4.Credential | None
    ) -> tuple[Caller, bytes]:
        """Who calls, and the payload without its framing."""
        if not self._authorizer.enforce:
            if is_from_page(request) and not _LOCAL_PAGE.match(request.headers.get("origin", "")):
                raise denied(target.service, "Web pages of other sites may not call a local cloud without IAM.")
            return callers.root(self._cloud), _payload(request)
        if credential is None:
            if target.service == "s3":
                return callers.anonymous(), _payload(request)
            raise sigv4.refusal("missing", target.signing_name, request.headers)
        # Attack: a signature for one service, replayed to another one.
        if credential.service != target.signing_name:
            message = f"Credential should be scoped to correct service: '{target.signing_name}'."
            raise AwsError("InvalidSignatureException", message)
        caller = callers.find_caller(self._cloud, self._engine, credential, request.headers)
        # Attack: any web page, signing with the root's keys, which everybody knows: it could run code on this machine.
        if caller.is_root and is_from_page(request):
            raise denied(target.service, "The root's keys are not taken from a web page; sign in as a user.")
        # SigV4 dates stay on real time: a client signs with its own clock, whatever the cloud's says.
        body = sigv4.verify(
            credential,
            caller.secret,
            request.method,
            request.raw_path,
            request.raw_query,
            request.headers,
            request.body,
            time.time(),
        )
        return caller, body


def _payload(request: HttpRequest) -> bytes:
    """The payload of a request whose signature nobody checks."""
    framed = request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
    return aws_chunked.parse(request.body).payload if framed else request.body


def _run(operation: Operation, context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    handler = _handler(operation)
    validation.check(model.load(operation.service), operation, params, _INVALID[operation.service])
    return handler(context, {name: value for name, value in params.items() if value is not None})


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
    signed = head.headers.get("authorization", "").partition("Credential=")[2]
    scope = (signed.split(",")[0] or head.query.get("X-Amz-Credential", [""])[0]).split("/")
    service = scope[3] if len(scope) == 5 else ""
    if service != "s3" and protocol.speaks_json(head):
        return protocol.JSON_TARGETS.get(head.headers.get("x-amz-target", "").rpartition(".")[0], "json")
    if service:
        return service
    return "sts" if protocol.speaks_form(head) else "s3"


def _with_cors(head: HttpRequest, service: str, response: HttpResponse) -> HttpResponse:
    """Cognito lets every web origin call it, as on AWS; a bucket's own CORS rules are the engine's."""
    if service not in OWN or "origin" not in head.headers:
        return response
    headers = {
        **response.headers,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    }
    return dataclasses.replace(response, headers=headers)
