"""The engine: the one file that imports ministack, and the seams by which it is made ours.

Its version is pinned; `tests/localcloud/aws/test_engine.py` has a test for each seam. It decides nothing: every call
that gets here was authenticated and authorised before, and `perform` runs exactly the operation that was.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import importlib.metadata
import logging
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from localcloud.aws import calls, event_bus, http_api, log_events, objects, policy_writes, sent_mail, time_to_live, wire
from localcloud.aws.calls import Reply
from localcloud.aws.catalog import Catalog
from localcloud.aws.cloudformation import StackOperations
from localcloud.aws.function import Function, Result
from localcloud.aws.function_code import fetch_code
from localcloud.aws.function_results import engine_result, forbidden_result, http_api_response
from localcloud.aws.jwt_authorizer import FindIssuer, JwtAuthorizer
from localcloud.aws.resources import ResourceType
from localcloud.aws.seams import EngineError, Seams, is_loaded, lazy_imports, quiet_logging
from localcloud.aws.services import SERVICES
from localcloud.aws.snapshots import Snapshots
from localcloud.errors import AwsError
from localcloud.iam.actions import Call

VERSION = "1.5.33"

# What a start imports; the rest of the engine's services loads when first called.
_CORE = frozenset(
    {"apigateway", "cloudformation", "cloudwatch_logs", "dynamodb", "eventbridge", "iam", "lambda_svc"}
    | {"lambda_durable", "s3"}
)

_log = logging.getLogger(__name__)
_running = False


class Engine(Catalog):
    """The engine in this process; there can be one. A method that does not say thread-safe belongs to its loop."""

    def __init__(
        self,
        *,
        data_dir: Path,
        port: int,
        region: str = "us-east-1",
        account: str = "000000000000",
        run_function: Callable[[Function, Any], Result] | None = None,
        may_invoke: Callable[[Function, str, str], bool] = lambda function, service, source_arn: False,
        find_issuer: FindIssuer = lambda issuer: None,
        now: Callable[[], float] = time.time,
        resource_types: Mapping[str, ResourceType] | None = None,
    ) -> None:
        """Nothing is imported or read before `start`.

        `run_function` runs a function on an event; it is called on threads. `may_invoke` says whether a function's
        policy lets a service (`apigateway.amazonaws.com`) call it from a source ARN. `find_issuer` and `now` (seconds)
        are what JWT authorizers check tokens by. `resource_types` are CloudFormation types besides the engine's.
        """
        self.data_dir = data_dir
        self.port = port
        self.region = region
        self.account = account
        self._run_function = run_function
        self._may_invoke = may_invoke
        self._authorizer = JwtAuthorizer(find_issuer, now)
        self._resource_types = dict(resource_types or {})
        self._seams = Seams()
        self.events, self.mails = event_bus.EventBus(self), sent_mail.SentMails(self)

    # ------------------------------------------------------------------ life

    async def start(self) -> None:
        """Import the engine, put our parts in its place and load what was saved. Raises EngineError."""
        global _running
        if _running:
            raise EngineError("another engine runs in this process")
        if (installed := importlib.metadata.version("ministack")) != VERSION:
            raise EngineError(
                f"ministack {installed} is installed, but the engine's seams are known for {VERSION} only"
            )
        _running = True
        try:
            await self._start()
        except BaseException:
            self._seams.restore()
            _running = False
            raise

    async def stop(self) -> None:
        """Save everything and give the engine back, so that another may start."""
        global _running
        await self.stacks.settle()
        self.save(everything=True)
        self._snapshots.close()
        self._seams.restore()
        _running = False

    async def reset(self) -> None:
        """Forget all resources and data, as if the data folder were new."""
        await self.stacks.settle()
        self._forget()
        self._snapshots.clear()
        for folder in ("objects", "functions", "code"):
            await asyncio.to_thread(shutil.rmtree, self.data_dir / folder, ignore_errors=True)

    async def _start(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._seams.set_environment(self._environment())
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._import)
        codec = importlib.import_module("ministack.core.persistence")
        self._snapshots = Snapshots(self.data_dir / "engine.sqlite", self.module, codec)
        self._forget()
        self._install()
        await self._snapshots.restore(self.port, self.scope)
        objects.load(self.module("s3"), self.data_dir / "objects")

    def _environment(self) -> dict[str, str]:
        return {
            "AUTH": "false",
            "GATEWAY_PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "MINISTACK_ACCOUNT_ID": self.account,
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": self.region,
            "SERVICES": "",
            "STATE_DIR": str(self.data_dir),
            **dict.fromkeys(("PERSIST_STATE", "S3_PERSIST", "USE_SSL"), "0"),
        }

    def _import(self) -> None:
        with quiet_logging(), lazy_imports("ministack.services", _CORE):
            for name in ("app", "core.responses", "core.persistence", "core.iam_evaluator"):
                importlib.import_module(f"ministack.{name}")
            for name in _CORE:
                importlib.import_module(f"ministack.services.{name}")

    def _forget(self) -> None:
        for service in SERVICES.values():
            if is_loaded(f"ministack.services.{service.module}"):
                self.module(service.module).reset()
        s3 = self.module("s3")
        s3.DATA_DIR, s3.S3_PERSIST = str(self.data_dir / "objects"), True
        self.module("lambda_svc").CODE_BLOB_DIR = str(self.data_dir / "code")

    def _install(self) -> None:
        functions, apigateway = self.module("lambda_svc"), self.module("apigateway")
        responses = importlib.import_module("ministack.core.responses")
        self._request_scope = self._seams.original(responses, "request_scope")
        self._fix_error_type = self._seams.original(responses, "fix_error_content_type")
        self._fix_success_type = self._seams.original(responses, "fix_success_content_type")
        replace = self._seams.replace
        replace(importlib.import_module("ministack.app"), "_MAIN_LOOP", self._loop)
        # Everything that gets here is decided already.
        replace(importlib.import_module("ministack.core.iam_evaluator"), "enforce", lambda *_, **__: None)
        replace(functions, "_execute_function_dispatch", self._dispatch_function)
        replace(functions, "_LAMBDA_STATE_TRANSITION_DELAY", 0)
        fetch = self._seams.original(functions, "_fetch_code_from_s3")
        replace(functions, "_fetch_code_from_s3", functools.partial(fetch_code, fetch))
        shape = self._seams.original(functions, "lambda_execute_result_to_api_proxy_response")
        respond = functools.partial(http_api_response, shape)
        replace(functions, "lambda_execute_result_to_api_proxy_response", respond)
        http_api.install(self._seams, apigateway, self._authorizer)
        time_to_live.install(self._seams, self.module("dynamodb"))
        self.events.install(self._seams)
        objects.install(self._seams, self.module("s3"))
        self.stacks = StackOperations(self.module("cloudformation"), lambda: self.save(everything=True))
        check = functools.partial(policy_writes.check_resource, self)
        self.stacks.install(self._seams, self._resource_types, self.call_from_thread, self._set_api_endpoint, check)

    # ----------------------------------------------------------------- calls

    async def perform(self, call: Call) -> Reply:
        """Run one authorised call. Raises AwsError `NotImplemented` for what the local cloud does not have.

        An S3 path is `/BUCKET/KEY`, decoded, whatever host the client used; a body is free of `aws-chunked` framing.
        """
        service = SERVICES.get(call.service)
        if service is None:
            raise AwsError(
                "NotImplemented", f"{call.service} {call.operation} is not supported by the local cloud.", 501
            )
        request = wire.canonical(call, service, f"127.0.0.1:{self.port}")
        module = self.module(service.module)
        try:
            with self.scope(call.region):
                arguments = (request.method, request.path, request.headers, request.body, request.query)
                async with self.mails.heard(call):
                    answer = await module.handle_request(*arguments)
                reply = self._reply(call, request, answer)
        except Exception as error:
            # A fault of the engine's, of whatever kind: the log has it, the caller learns nothing from it.
            _log.exception("%s %s", call.service, call.operation)
            raise AwsError("InternalFailure", "The engine could not run the call.", 500) from error
        if reply.status < 400 and self._snapshots.note(call, request.body):
            self.save()
        return reply

    async def execute_api(self, request: http_api.ApiRequest) -> Reply:
        """Serve a request to an HTTP API, whose own authorizer decides."""
        with self.scope():
            return await http_api.execute(self.module("apigateway"), request, self.account, self.region)

    async def call(
        self, service: str, operation: str, parameters: Mapping[str, Any] | None = None, region: str = ""
    ) -> dict[str, Any]:
        """Make a call as the account itself, as boto3 has it. Raises AwsError, and botocore's ParamValidationError."""
        call = calls.build(service, operation, parameters or {}, region or self.region, self.account)
        return calls.parse(service, operation, await self.perform(call))

    def call_from_thread(
        self, service: str, operation: str, parameters: Mapping[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        """The same from any thread but the loop's own. Raises TimeoutError for an answer that takes more seconds."""
        return asyncio.run_coroutine_threadsafe(self.call(service, operation, parameters), self._loop).result(seconds)

    def preflight(self, path: str, headers: Mapping[str, str]) -> Reply:
        """A bucket's answer to a browser's OPTIONS request, which nobody signs. `path` is `/BUCKET/KEY`."""
        bucket, _, key = path.lstrip("/").partition("/")
        with self.scope():
            status, answer, body = self.module("s3").cors_preflight(bucket, key, dict(headers))
        return Reply(status, tuple(http_api.flat(answer)), body)

    def cors(self, bucket: str, method: str, headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers by which a bucket lets the web page that `origin` names read the answer to this method."""
        with self.scope():
            answer: Mapping[str, str] = self.module("s3").cors_response_headers(bucket, method, dict(headers))
        return {name.lower(): value for name, value in answer.items()}

    def put_log_lines(self, group: str, stream: str, lines: list[str]) -> None:
        """Write log events. Thread-safe. The group is made when it is missing."""
        # A log that ends after the server is no failure.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._append_log, group, stream, lines)

    # ----------------------------------------------------------------- state

    def save(self, everything: bool = False) -> None:
        """Keep what changed since the last save, or whatever there is; put off while a stack is being changed."""
        if not self.stacks.running:
            self._snapshots.save(everything)

    # ----------------------------------------------------------------- parts

    def module(self, name: str) -> Any:
        """A service module of the engine."""
        return sys.modules.get(f"ministack.services.{name}") or importlib.import_module(f"ministack.services.{name}")

    def scope(self, region: str = "") -> contextlib.AbstractContextManager[None]:
        """Makes the engine's stores those of our account and this region (empty: the default region)."""
        scope: contextlib.AbstractContextManager[None] = self._request_scope(self.account, region or self.region)
        return scope

    def _reply(self, call: Call, request: wire.EngineRequest, answer: tuple[int, dict[str, Any], Any]) -> Reply:
        status, headers, body = answer
        if not isinstance(body, str | bytes):
            raise TypeError(f"{call.operation} answers with a stream")
        self._fix_error_type(call.service, status, headers)
        self._fix_success_type(call.service, status, headers)
        if call.service == "s3":
            s3 = self.module("s3")
            if call.method == "HEAD":
                status, headers, body = s3.format_head_response(request.path, request.headers, answer)
            headers |= s3.cors_response_headers(request.path.split("/")[1], call.method, request.headers)
        return Reply(status, tuple(http_api.flat(headers)), body if isinstance(body, bytes) else body.encode())

    def _dispatch_function(
        self, record: Mapping[str, Any], config: Mapping[str, Any], event: Any, _request_id: str, _started: float
    ) -> dict[str, Any]:
        if self._run_function is None:
            raise EngineError("functions cannot run: the engine has no runner")
        integration = http_api.invoking.get()
        if integration is None:
            return engine_result(self._run_function(self.runnable(record, config, config["FunctionArn"]), event))
        function = self.function(integration.function)
        # Attack: an API that invokes a function which never let it in. AWS asks the function's policy, so do we.
        if function is None or not self._may_invoke(function, "apigateway.amazonaws.com", integration.source_arn):
            return forbidden_result()
        return engine_result(self._run_function(function, event))

    def _append_log(self, group: str, stream: str, lines: list[str]) -> None:
        with self.scope():
            log_events.append(self.module("cloudwatch_logs"), group, stream, lines, int(time.time() * 1000))

    def _set_api_endpoint(self, api_id: str) -> str:
        endpoint = f"http://127.0.0.1:{self.port}{http_api.PREFIX}{api_id}/$default"
        self.module("apigateway")._apis[api_id]["apiEndpoint"] = endpoint
        return endpoint
