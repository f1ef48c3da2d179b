"""Handing a decided call to the engine, exactly as it was decided, and setting right what the engine cannot know."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from localcloud.authorization import Authorizer
from localcloud.aws.calls import Reply
from localcloud.aws.engine import Engine
from localcloud.callers import Caller
from localcloud.errors import AwsError
from localcloud.http import HttpRequest, HttpResponse
from localcloud.iam.actions import Call, Check, s3
from localcloud.iam.request import Decision
from localcloud.protocol import Target

_VIRTUAL_HOST = re.compile(
    r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])"
    r"\.(?:s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com|s3\.localhost|localhost|127\.0\.0\.1)(?::\d+)?"
)
_READS = frozenset({"GetObject", "HeadObject", "GetObjectAttributes"})


def path_style(request: HttpRequest) -> HttpRequest:
    """The request with the bucket in its path, where the client put it into the host name."""
    found = _VIRTUAL_HOST.fullmatch(request.headers.get("host", ""))
    if found is None:
        return request
    return dataclasses.replace(request, raw_path=f"/{found['bucket']}{request.raw_path}")


def describe(request: HttpRequest, target: Target, body: bytes, region: str, account: str) -> Call:
    """The call as IAM's mappings and the engine read it; `body` is free of framing."""
    return Call(
        service=target.service,
        operation=target.operation,
        region=region,
        account=account,
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers,
        body=body,
        params=target.params,
        source_ip=request.client_ip,
    )


async def forward(
    engine: Engine, authorizer: Authorizer, caller: Caller, call: Call, refused: Mapping[str, Decision]
) -> HttpResponse:
    """The engine's answer, without what IAM refused."""
    if refused:
        call = dataclasses.replace(call, body=s3.without_keys(call.body, refused.keys()))
    reply = await engine.perform(call)
    if refused:
        messages = {part: decision.message for part, decision in refused.items()}
        reply = dataclasses.replace(reply, body=s3.merge_refusals(reply.body, messages))
    if reply.status == 404 and call.operation in _READS:
        _hide_missing(authorizer, caller, call)
    return as_response(reply)


def as_response(reply: Reply) -> HttpResponse:
    """The engine's reply as a response."""
    return HttpResponse(reply.status, reply.body, {name.lower(): value for name, value in reply.headers})


def _hide_missing(authorizer: Authorizer, caller: Caller, call: Call) -> None:
    """Attack: learning which keys exist. A missing object is 403 to whoever may not list the bucket, as on AWS."""
    bucket = call.path.lstrip("/").split("/", 1)[0]
    if not authorizer.allows(caller, call, Check("s3:ListBucket", f"arn:aws:s3:::{bucket}")):
        raise AwsError("AccessDenied", "Access Denied", 403)
