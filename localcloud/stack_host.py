"""The engine, the functions and the stack of one local cloud: started behind the server's first answer."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import gc
import json
import re
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud import forwarding
from localcloud.access import pool_catalog
from localcloud.access.authentication import Authenticator
from localcloud.access.authorization import Authorizer
from localcloud.access.function_role import function_credentials
from localcloud.access.iam_authorizer import IamAuthorizer
from localcloud.access.refusals import Decisions
from localcloud.aws import time_to_live
from localcloud.aws.data_keys import DataKeys
from localcloud.aws.engine import Engine
from localcloud.aws.function import Function
from localcloud.aws.functions import Functions
from localcloud.aws.http_api import ApiRequest
from localcloud.aws.jwt_authorizer import TrustedIssuer
from localcloud.aws.log_delivery import LogDelivery
from localcloud.aws.seams import EngineError
from localcloud.aws.stack import StackError, deploy, prepare, transform_cache
from localcloud.context import Cloud, Context, Invocation, Setting
from localcloud.errors import AwsError
from localcloud.event_delivery import EventDelivery
from localcloud.options import Options
from localcloud.stand_ins import door as stand_ins
from localcloud.stand_ins import keys
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import signing_key
from localcloud.wire import http

STACK_NAME = "gatehouse"
_LOGIN_DOMAIN = re.compile(r"https://([a-z0-9-]+)\.auth\.[a-z0-9-]+\.amazoncognito\.com")
_MAX_API_BODY = 10 << 20
"""Bytes. Source: API Gateway quotas, payload size of HTTP APIs."""


class StackHost:
    """Brings up what the template says, and runs it."""

    def __init__(
        self, cloud: Cloud, options: Options, port: int, resource_types: Mapping[str, Any], decisions: Decisions
    ) -> None:
        """Nothing is started yet. Sets the cloud's ways to functions, log groups, roles and policies."""
        self._cloud = cloud
        self._options = options
        self._state, self._reason = "off", ""
        self._outputs: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._changing = asyncio.Lock()
        self._failed: Exception | None = None
        self.engine = Engine(
            data_dir=options.data_dir,
            port=port,
            region=cloud.region,
            account=cloud.account,
            run_function=lambda function, event: self._functions.invoke(function, event),
            may_invoke=lambda *arguments: self.authorizer.may_invoke(*arguments),
            find_issuer=self._find_issuer,
            now=cloud.clock.now,
            resource_types=resource_types,
        )
        enforce = options.iam == "enforce"
        self.authorizer = Authorizer(self.engine, cloud.clock, enforce=enforce)
        authenticator = Authenticator(cloud, self.engine, enforce=enforce)
        self._iam_authorizer = IamAuthorizer(cloud, authenticator, self.authorizer, decisions)
        self._functions = Functions(
            credentials=self._credentials,
            endpoint_url=cloud.endpoint_url,
            region=cloud.region,
            log=lambda function, stream, lines: self.engine.put_log_lines(function.log_group, stream, lines),
            now=cloud.clock.now,
            ahead=lambda: cloud.clock.offset,
            faults=cloud.faults,
        )
        self._events = EventDelivery(self.engine, self.authorizer, self._functions.invoke, self._credentials)
        self.engine.events.deliver = self._events
        cloud.invoke = self.invoke
        cloud.invoke_later = self._events.invoke_later
        cloud.data_key = DataKeys(self.engine)
        cloud.deliver_log = LogDelivery(self.engine, cloud.clock.now)
        cloud.roles = self.engine.role
        cloud.managed_policies = self.engine.managed_policy
        self.engine.identity_pool_of = functools.partial(pool_catalog.identity_pool_of, cloud)
        self.engine.pool_tags = functools.partial(pool_catalog.tags, cloud)

    def begin(self) -> None:
        """Start the engine and the deploy; the server answers meanwhile."""
        self._state = "starting"
        self._task = asyncio.get_running_loop().create_task(self._bring_up())

    async def ready(self) -> None:
        """Wait for the engine, not for the stack. Raises RuntimeError where it could not start."""
        await self._started.wait()
        if self._failed is not None:
            raise RuntimeError("the engine did not start") from self._failed

    async def end(self) -> None:
        """Stop functions and engine; state is saved."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=5)
        self._events.close()
        await asyncio.to_thread(self._functions.close)
        if self._started.is_set() and self._failed is None:
            await self.engine.stop()

    def health(self) -> dict[str, Any]:
        """How the cloud is doing: `stack` is off, starting, ready or failed."""
        health: dict[str, Any] = {"status": "running", "stack": self._state, "endpoint": self._cloud.endpoint_url}
        if self._reason:
            health["reason"] = self._reason
        if self._outputs:
            health["outputs"] = self._outputs
        return health

    async def reset(self) -> dict[str, Any]:
        """Forget all state and deploy the stack anew."""
        await self.ready()
        async with self._changing:
            if self._task is not None:
                await self._task
            # The sealing key and the clock are the server's own: it goes on with them.
            # With many users this takes a while: the server answers others meanwhile.
            await asyncio.to_thread(self._cloud.store.clear, (Setting,))
            self._cloud.keys.clear()
            self._cloud.faults.clear()
            self._cloud.assessments.clear()
            # Workers hold keys that are gone now.
            await asyncio.to_thread(self._functions.retire)
            await self.engine.reset()
            await self._deploy()
        return self.health()

    async def serve_api(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve a request to the stack's HTTP API."""
        await self.ready()
        head = http.read_head(scope)
        try:
            body = await http.read_body(receive, _MAX_API_BODY)
        except http.BodyTooLargeError:
            return await http.write(send, _message(413, "Request Entity Too Large"))
        request_id = str(uuid.uuid4())
        admit = functools.partial(self._iam_authorizer.admit, dataclasses.replace(head, body=body), request_id)
        request = ApiRequest(head.method, head.raw_path, head.raw_query, head.query, head.headers, body, admit)
        response = forwarding.as_response(await self.engine.execute_api(request))
        if response.status == 403:
            # What `explain` knows the refusal by.
            response = dataclasses.replace(response, headers={**response.headers, "apigw-requestid": request_id})
        return await http.write(send, response, head=head.method == "HEAD")

    async def has_function(self, name: str) -> bool:
        """Whether there is a function of this name; waits for the engine."""
        await self.ready()
        arn = f"arn:aws:lambda:{self._cloud.region}:{self._cloud.account}:function:{name}"
        return self.engine.function(arn) is not None

    async def expire_items(self) -> None:
        """Delete items of tables whose time to live is over; waits for the engine."""
        await self._started.wait()
        if self._failed is None:
            await time_to_live.expire(self.engine, self._cloud.clock.now())

    def invoke(
        self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str, seconds: float
    ) -> Invocation:
        """Run a function for an AWS service. Thread-safe, and never on the event loop's thread."""
        function = self.engine.function(arn)
        if function is None:
            return Invocation(error_type="ResourceNotFoundException", error_message=f"Function not found: {arn}")
        # Attack: another pool's trigger, or another service, running a function that never let it in.
        if not self.authorizer.may_invoke(function, service, source_arn):
            return Invocation(error_type="AccessDeniedException", error_message=f"{service} may not invoke {arn}")
        try:
            result = self._functions.invoke(function, event, time.monotonic() + seconds)
        except AwsError as error:
            # The role is gone, or does not trust Lambda.
            return Invocation(error_type=error.code, error_message=error.message)
        if result.error is not None:
            return Invocation(error_type=result.error.error_type, error_message=result.error.message)
        return Invocation(payload=result.payload)

    async def _bring_up(self) -> None:
        try:
            # The template is transformed in a process of its own, while the engine is imported.
            await asyncio.gather(self.engine.start(), self._prepare())
        except Exception as error:
            # Whatever it was: those who wait for the engine must hear of it.
            self._failed, self._state, self._reason = error, "failed", str(error)
            print(f"error: {error}", file=sys.stderr, flush=True)
            if not isinstance(error, EngineError):
                raise
            return
        finally:
            self._started.set()
        # What is here now stays: the garbage collector need not look at it again and again.
        gc.freeze()
        if self._options.stack:
            await self._deploy()
        else:
            self._state = "off"
            print("ready (no stack)", flush=True)

    async def _prepare(self) -> None:
        options = self._options
        if options.stack:
            # What is wrong with the template is said by the deploy.
            with contextlib.suppress(StackError):
                cache = transform_cache(options.data_dir)
                await prepare(options.template, options.parameters, self._cloud.region, cache, self._given)

    async def _deploy(self) -> None:
        self._state, self._reason = "starting", ""
        if self._options.stand_ins:
            await self._keep_secret()
        try:
            outputs = await deploy(
                self.engine,
                self._options.template,
                self._options.parameters,
                STACK_NAME,
                on_event=_print,
                given=self._given,
            )
        except StackError as error:
            self._state, self._reason = "failed", str(error)
            print(f"error: {error}", file=sys.stderr, flush=True)
            return
        self._outputs = {name: self._here(value) for name, value in outputs.items()}
        self._outputs["EndpointUrl"] = self._cloud.endpoint_url
        path = self._options.data_dir / "outputs.json"
        _write(path, self._outputs)
        self._state = "ready"
        for name, value in self._outputs.items():
            _print(f"  {name:16} {value}")
        print(f"ready: outputs are in {path}", flush=True)

    @property
    def _given(self) -> Mapping[str, str]:
        """Values of the template's parameters that come from this cloud, not from the file."""
        return stand_ins.parameters(self._cloud.endpoint_url) if self._options.stand_ins else {}

    async def _keep_secret(self) -> None:
        """Put the secret of the stand-ins' clients where the template looks for a provider's secret."""
        value = json.dumps({"client_secret": keys.client_secret(self._cloud)})
        with contextlib.suppress(AwsError):  # it is there from an earlier start
            secret = {"Name": stand_ins.SECRET, "SecretString": value}
            await self.engine.call("secretsmanager", "CreateSecret", secret)

    def _here(self, value: str) -> str:
        """An output, with the domain of a user pool as it is reached on this machine."""
        domain = _LOGIN_DOMAIN.fullmatch(value)
        return domains.address(self._cloud, domain[1]) if domain else value

    def _credentials(self, function: Function) -> Mapping[str, str]:
        return function_credentials(Context(self._cloud), function.role_arn, function.name)

    def _find_issuer(self, issuer: str) -> TrustedIssuer | None:
        pool_id = issuer.rstrip("/").rsplit("/", 1)[-1]
        if self._cloud.store.get(UserPool, pool_id) is None:
            return None
        # The template can only write AWS's form of the issuer; with `--issuer endpoint` the tokens have another one.
        return TrustedIssuer(self._cloud.issuer_of(pool_id), signing_key(Context(self._cloud), pool_id).verify)


def _print(line: str) -> None:
    print(line, flush=True)


def _message(status: int, text: str) -> http.HttpResponse:
    return http.HttpResponse(status, json.dumps({"message": text}).encode(), {"content-type": "application/json"})


def _write(path: Path, outputs: Mapping[str, str]) -> None:
    """The outputs as JSON, whole or not at all."""
    fresh = path.with_suffix(".tmp")
    fresh.write_text(json.dumps(outputs, indent=2) + "\n")
    fresh.replace(path)
