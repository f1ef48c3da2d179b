"""Handing a decided call to the engine, exactly as it was decided, and setting right what the engine cannot know."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from localcloud.access.authorization import Authorizer
from localcloud.access.callers import Caller
from localcloud.access.refusals import Finding, RefusedError
from localcloud.aws import policy_writes, request_shape
from localcloud.aws.calls import Reply
from localcloud.aws.engine import Engine
from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Check, s3
from localcloud.iam.request import Decision
from localcloud.wire.http import HttpRequest, HttpResponse
from localcloud.wire.protocol import Target

_VIRTUAL_HOST = re.compile(
    r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])"
    r"\.(?:s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com|s3\.localhost|localhost|127\.0\.0\.1)(?::\d+)?"
)
_CHECKSUM = re.compile(r"content-md5|x-amz-checksum-.*|x-amz-sdk-checksum-algorithm|x-amz-trailer")
_HOISTED = re.compile(r"x-amz-(?!algorithm|credential|date|signedheaders|signature|expires|security-token).*", re.I)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_READS = frozenset({"GetObject", "HeadObject", "GetObjectAttributes"})


def path_style(request: HttpRequest) -> HttpRequest:
    """The request with the bucket in its path, where the client put it into the host name."""
    found = _VIRTUAL_HOST.fullmatch(request.headers.get("host", ""))
    if found is None:
        return request
    return dataclasses.replace(request, raw_path=f"/{found['bucket']}{request.raw_path}")


def describe(request: HttpRequest, target: Target, body: bytes, region: str, account: str) -> Call:
    """The call as IAM's mappings and the engine read it; `body` is free of framing.

    A presigned URL may carry `x-amz-` headers in its query: S3 takes them as headers, so they are read as such.
    """
    hoisted = {}
    if target.service == "s3":
        hoisted = {name.lower(): values[0] for name, values in request.query.items() if _HOISTED.fullmatch(name)}
    return Call(
        service=target.service,
        operation=target.operation,
        region=region,
        account=account,
        method=request.method,
        path=request.path,
        query=request.query,
        headers={**hoisted, **request.headers},
        body=body,
        params=target.params,
        source_ip=request.client_ip,
    )


async def forward(
    engine: Engine, authorizer: Authorizer, caller: Caller, call: Call, findings: Sequence[Finding]
) -> HttpResponse:
    """The engine's answer, without what IAM refused. Raises AwsError for a call that does not fit its model."""
    request_shape.check(call)
    policy_writes.check(call, engine)
    refused = {finding.part: finding.decision for finding in findings if not finding.decision.allowed}
    if refused:
        return await _forward_rest(engine, call, refused)
    reply = await engine.perform(call)
    if reply.status == 404 and call.operation in _READS:
        _hide_missing(authorizer, caller, call)
    _check_headers(reply)
    return as_response(reply)


async def _forward_rest(engine: Engine, call: Call, refused: Mapping[str, Decision]) -> HttpResponse:
    """DeleteObjects with the refused keys left out, and named in the answer."""
    messages = {part: decision.message for part, decision in refused.items()}
    body = s3.without_keys(call.body, refused.keys())
    if not body:
        return HttpResponse(200, s3.merge_refusals(b"", messages), {"content-type": "application/xml"})
    # The client's checksums are of the body that it sent.
    headers = {name: value for name, value in call.headers.items() if not _CHECKSUM.fullmatch(name)}
    reply = await engine.perform(dataclasses.replace(call, body=body, headers=headers))
    return as_response(dataclasses.replace(reply, body=s3.merge_refusals(reply.body, messages)))


def as_response(reply: Reply) -> HttpResponse:
    """The engine's reply as a response."""
    return HttpResponse(reply.status, reply.body, {name.lower(): value for name, value in reply.headers})


def _check_headers(reply: Reply) -> None:
    """Attack: a line break in `response-content-type`, or in metadata of a presigned upload, that splits the answer."""
    for _, value in reply.headers:
        if not _HEADER_VALUE.fullmatch(value):
            raise AwsError("InvalidArgument", "Header value cannot be represented using ISO-8859-1.")


def _hide_missing(authorizer: Authorizer, caller: Caller, call: Call) -> None:
    """Attack: learning which keys exist. A missing object is 403 to whoever may not list the bucket, as on AWS."""
    bucket = call.path.lstrip("/").split("/", 1)[0]
    finding = authorizer.find(caller, call, Check("s3:ListBucket", f"arn:aws:s3:::{bucket}", part="missing object"))
    if authorizer.enforce and not finding.decision.allowed:
        raise RefusedError("AccessDenied", "Access Denied", 403, [finding])
