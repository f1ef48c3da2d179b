"""Whether IAM lets a call through: each action that the request stands for is decided, none is waved through."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from localcloud.aws.engine import Engine
from localcloud.callers import Caller, resource_policy
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Check
from localcloud.iam.evaluator import decide
from localcloud.iam.policy import Policy
from localcloud.iam.request import ContextValue, Decision, Request


def authorize(cloud: Cloud, engine: Engine, caller: Caller, call: Call, *, enforce: bool) -> Mapping[str, Decision]:
    """Raise AccessDenied unless IAM allows the call; give back what it refuses of a call whose parts count singly."""
    if not enforce:
        return {}
    checks = _checks(engine, call)
    if not checks:
        # The root may do what has no mapping yet; anyone else is denied by name.
        if caller.principal.value.endswith(":root"):
            return {}
        raise _denied(call, f"The local cloud does not know which permission {call.service}:{call.operation} needs.")
    refused: dict[str, Decision] = {}
    shared = _request_context(cloud, call)
    for check in checks:
        decision = _decide(engine, caller, call, check, shared)
        if decision.allowed:
            continue
        if not check.part:
            raise _denied(call, decision.message)
        refused[check.part] = decision
    return refused


def is_allowed(cloud: Cloud, engine: Engine, caller: Caller, call: Call, check: Check) -> bool:
    """Whether IAM would allow one more thing to this caller, for answers that depend on it."""
    return _decide(engine, caller, call, check, _request_context(cloud, call)).allowed


def _decide(engine: Engine, caller: Caller, call: Call, check: Check, shared: Mapping[str, ContextValue]) -> Decision:
    request = Request(
        principal=caller.principal,
        action=check.action,
        resource=check.resource,
        resource_account=call.account,
        context={**shared, **caller.context, **check.context},
    )
    return decide(request, caller.policies(_resource_policy(engine, check.resource)))


def _checks(engine: Engine, call: Call) -> Sequence[Check]:
    module = _mapping(call.service)
    return module.checks(call, engine) if module is not None else ()


def _mapping(service: str) -> ModuleType | None:
    name = {"lambda": "lambda_"}.get(service, service.replace("-", "_"))
    try:
        return importlib.import_module(f"localcloud.iam.actions.{name}")
    except ModuleNotFoundError:
        return None


def _resource_policy(engine: Engine, resource: str) -> Policy | None:
    parts = resource.split(":", 5)
    if len(parts) != 6:
        return None
    document: Mapping[str, Any] | None = None
    if parts[2] == "s3":
        document = engine.bucket_policy(parts[5].split("/", 1)[0])
    elif parts[2] == "dynamodb" and parts[5].startswith("table/"):
        document = engine.table_policy(parts[5].split("/")[1])
    return resource_policy(document, resource)


def _request_context(cloud: Cloud, call: Call) -> dict[str, ContextValue]:
    now = cloud.clock.now()
    context: dict[str, ContextValue] = {
        "aws:SourceIp": call.source_ip,
        "aws:SecureTransport": "false",
        "aws:CurrentTime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now)),
        "aws:RequestedRegion": call.region,
    }
    for key, header in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        if header in call.headers:
            context[key] = call.headers[header]
    return context


def _denied(call: Call, message: str) -> AwsError:
    if call.service == "s3":
        return AwsError("AccessDenied", message, 403)
    if call.service in ("sts", "iam", "sns", "cloudformation"):
        return AwsError("AccessDenied", message, 403)
    return AwsError("AccessDeniedException", message, 403 if call.service == "lambda" else 400)
