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
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from localcloud import cloudtrail, forwarding, own_services, post_object, sigv4
from localcloud.access import callers
from localcloud.access.authentication import Authenticator
from localcloud.access.authorization import Authorizer
from localcloud.access.callers import Caller
from localcloud.access.refusals import Decisions, Finding, RefusedError
from localcloud.aws.engine import Engine
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.iam.actions import Call
from localcloud.own_services import OWN
from localcloud.sigv4 import post_form
from localcloud.userpool.accounts.subject import subject_of
from localcloud.wire import cors, model, protocol, validation
from localcloud.wire.http import (
    BodyTooLargeError,
    ClientGoneError,
    HttpRequest,
    HttpResponse,
    Receive,
    Scope,
    Send,
    read_body,
    read_head,
    write,
)
from localcloud.wire.model import Operation
from localcloud.wire.protocol import Target

_UPLOAD = Target("s3", "PutObject")
_MAX_BODY = {"cognito-idp": 2 << 20, "cognito-identity": 1 << 20, "sts": 1 << 20, "s3": 5 << 30}
_MAX_OTHER_BODY = 64 << 20
_TOO_LARGE = AwsError("RequestEntityTooLargeException", "The request body is too large.", 413)
_INTERNAL = AwsError("InternalErrorException", "Internal server error", 500)

_UNSIGNED_AT_ONCE = {"cognito-idp": 32, "cognito-identity": 16, "sts": 16}
"""Calls without a signature that run at once: functions sign theirs, and must always find a thread.

Attack, or just a load test: sign-ins that take every thread and wait for functions, whose own calls then wait for them.
By service: what waits for a silent login provider must not keep anybody from signing in with a password.
"""

log = logging.getLogger("localcloud")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request and what it asks for: `request` as it came and was signed, `plain` with the bucket in its path."""

    id: str
    request: HttpRequest
    plain: HttpRequest
    target: Target
    credential: sigv4.Credential | None


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
        self._authenticator = Authenticator(cloud, engine, enforce=authorizer.enforce)
        self._authorizer = authorizer
        self._decisions = decisions
        self._executor = executor
        self._unsigned = {service: asyncio.Semaphore(number) for service, number in _UNSIGNED_AT_ONCE.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        request_id = str(uuid.uuid4())
        head = read_head(scope)
        service = protocol.service_hint(head)
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
        await write(send, cors.with_cors(head, service, response), head=head.method == "HEAD")

    async def _serve(self, request: HttpRequest, request_id: str) -> HttpResponse:
        credential = sigv4.parse(request.method, request.raw_path, request.raw_query, request.headers)
        plain = forwarding.path_style(request)
        if request.method == "OPTIONS":
            await self._engine_ready()
            return forwarding.as_response(self._engine.preflight(plain.path, plain.headers))
        is_form = post_object.is_form(plain)
        target = _UPLOAD if is_form else protocol.resolve(plain, credential.service if credential else None)
        asked = _Asked(request_id, request, plain, target, credential)
        try:
            if is_form:
                return await self._serve_form(asked)
            if own_services.is_ours(target.service, target.operation):
                return await self._serve_own(asked)
            return await self._serve_engine(asked)
        except RefusedError as error:
            self._keep(asked, error.findings, error)
            raise

    async def _serve_engine(self, asked: _Asked) -> HttpResponse:
        await self._engine_ready()
        caller, body = self._authenticator.authenticate(asked.request, asked.target, asked.credential)
        return await self._perform(asked, caller, body)

    async def _serve_form(self, asked: _Asked) -> HttpResponse:
        """A browser's upload: who signed the form, what its policy lets it be, and the PutObject that it stands for."""
        await self._engine_ready()
        form = post_object.read(asked.plain)
        credential = post_form.parse(form.fields)
        signed = form.fields.get("policy", "")
        caller = self._authenticator.authenticate_form(asked.plain, _UPLOAD, credential, signed)
        post_object.check_policy(form, time.time())
        upload = dataclasses.replace(asked, plain=post_object.put_object(form, asked.plain), credential=credential)
        written = await self._perform(upload, caller, form.content)
        response = post_object.answer(form, written, self._cloud.endpoint_url)
        allowed = self._engine.cors(form.bucket, asked.plain.method, asked.plain.headers)
        return dataclasses.replace(response, headers={**response.headers, **allowed})

    async def _perform(self, asked: _Asked, caller: Caller, body: bytes) -> HttpResponse:
        """What the engine answers, if IAM lets it. `body` is free of framing."""
        call = self._describe(asked, body)
        caller = callers.with_signature_age(caller, asked.credential, time.time())
        findings = self._authorizer.authorize(caller, call)
        self._keep(asked, findings)
        response = await forwarding.forward(self._engine, self._authorizer, caller, call, findings)
        name = "x-amz-request-id" if asked.target.service == "s3" else "x-amzn-requestid"
        return dataclasses.replace(response, headers={**response.headers, name: asked.id})

    async def _serve_own(self, asked: _Asked) -> HttpResponse:
        operation = own_services.find_operation(asked.target.service, asked.target.operation)
        if OWN[operation.service].reads_roles:
            await self._engine_ready()
        context = Context(
            cloud=self._cloud,
            request_id=asked.id,
            source_ip=asked.request.client_ip,
            user_agent=asked.request.headers.get("user-agent", ""),
        )
        if operation.signed:
            context = _called_by(await self._admit(asked), context)
        recorded = False
        if cloudtrail.is_recorded(operation):
            # A rule that was kept waits for this event, too: whether there is one, the engine knows once it runs.
            await self._engine_ready()
            recorded = self._engine.events.has_rules()
        work = functools.partial(_run, operation, context, asked.target.params, recorded)
        async with contextlib.nullcontext() if operation.signed else self._unsigned[operation.service]:
            result, record = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        if record is not None:
            self._engine.events.put(cloudtrail.SOURCE, cloudtrail.DETAIL_TYPE, record, context.now)
        return protocol.render(operation, result, asked.id)

    async def _admit(self, asked: _Asked) -> Caller:
        """The caller, who may make this call of ours. The root may make any, but for those that a role has to allow."""
        if asked.credential is not None and asked.credential.access_key != callers.ROOT_KEY:
            await self._engine_ready()
        caller, body = self._authenticator.authenticate(asked.request, asked.target, asked.credential)
        if not caller.is_root or OWN[asked.target.service].reads_roles:
            call = callers.hand_on(caller, self._describe(asked, body))
            self._keep(asked, self._authorizer.authorize(caller, call))
        return caller

    def _describe(self, asked: _Asked, body: bytes) -> Call:
        region = asked.credential.region if asked.credential else self._cloud.region
        return forwarding.describe(asked.plain, asked.target, body, region, self._cloud.account)

    def _keep(self, asked: _Asked, findings: Sequence[Finding], error: AwsError | None = None) -> None:
        service, operation = asked.target.service, asked.target.operation
        self._decisions.keep(asked.id, self._cloud.clock.now(), service, operation, findings, error)


def _called_by(caller: Caller, context: Context) -> Context:
    session_key = caller.role_session.access_key if caller.role_session else ""
    return dataclasses.replace(
        context, principal_arn=caller.principal.value, user_id=caller.user_id, session_key=session_key
    )


def _run(
    operation: Operation, context: Context, params: Mapping[str, Any], recorded: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What the operation answers, and what CloudTrail records of it, if it does."""
    handler = own_services.find_handler(operation)
    validation.check(model.load(operation.service), operation, params, OWN[operation.service].invalid)
    given = {name: value for name, value in params.items() if value is not None}
    if context.cloud.count_request and operation.service == "cognito-idp":
        context.cloud.count_request(context, operation.name, given)
    # Asked first: afterwards there may be no such user.
    sub = subject_of(context, given) if recorded else ""
    result = handler(context, given)
    return result, cloudtrail.record(operation, context, given, sub) if recorded else None
