"""Handing a decided call to the engine, exactly as it was decided, and setting right what the engine cannot know."""

from __future__ import annotations

import re
from collections.abc import Mapping

from localcloud.authorization import is_allowed
from localcloud.aws.engine import Engine
from localcloud.callers import Caller
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.http import HttpRequest, HttpResponse, Message, Scope
from localcloud.iam.actions import Call, Check, s3
from localcloud.iam.request import Decision
from localcloud.protocol import Target
from localcloud.sigv4 import Credential

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
    path = f"/{found['bucket']}{request.raw_path}"
    return HttpRequest(request.method, path, request.raw_query, request.headers, request.body, request.client_ip)


def describe(request: HttpRequest, target: Target, cloud: Cloud, credential: Credential | None) -> Call:
    """The call as IAM's mappings read it. Raises AwsError for a bucket name that no bucket has."""
    # Attack: a path of the engine's own, such as `/_…/reset`, passed off as a bucket.
    if target.service == "s3" and not re.match(r"/([a-z0-9]|$)", request.raw_path):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
    return Call(
        service=target.service,
        operation=target.operation,
        region=credential.region if credential else cloud.region,
        account=cloud.account,
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers,
        body=request.body,
        params=target.params,
        source_ip=request.client_ip,
    )


async def forward(
    engine: Engine,
    cloud: Cloud,
    caller: Caller,
    call: Call,
    request: HttpRequest,
    refused: Mapping[str, Decision],
    *,
    enforce: bool,
) -> HttpResponse:
    """The engine's answer, without what IAM refused."""
    body = s3.without_keys(request.body, refused) if refused else request.body
    response = await ask(engine, request, body)
    if refused:
        merged = s3.merge_refusals(response.body, {part: decision.message for part, decision in refused.items()})
        return HttpResponse(response.status, merged, response.headers)
    if response.status == 404 and call.operation in _READS and enforce:
        return _hide_missing(engine, cloud, caller, call, response)
    return response


async def ask(engine: Engine, request: HttpRequest, body: bytes) -> HttpResponse:
    """One request to the engine, in this process."""
    # The host is ours whatever the client sent. Attack: a Host header that makes the engine see another bucket or API.
    headers = {**request.headers, "host": engine.host, "content-length": str(len(body))}
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.raw_path.encode("latin-1"),
        "query_string": request.raw_query.encode("latin-1"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": (request.client_ip, 0),
        "server": ("127.0.0.1", engine.port),
    }
    parts: list[bytes] = []
    head: Message = {"status": 500, "headers": []}

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            head.update(message)
        else:
            parts.append(message.get("body", b""))

    await engine.handle(scope, receive, send)
    answered = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head["headers"]}
    return HttpResponse(head["status"], b"".join(parts), answered)


def _hide_missing(engine: Engine, cloud: Cloud, caller: Caller, call: Call, response: HttpResponse) -> HttpResponse:
    """Attack: learning which keys exist. A missing object is 403 to whoever may not list the bucket, as on AWS."""
    bucket = call.path.lstrip("/").split("/", 1)[0]
    check = Check("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    if is_allowed(cloud, engine, caller, call, check):
        return response
    raise AwsError("AccessDenied", "Access Denied", 403)
