"""`/_localcloud/…`: what a developer and a test ask of the local cloud itself. Nothing here exists on AWS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from localcloud import outbox
from localcloud.access.refusals import Decisions
from localcloud.assessments import read_assessment
from localcloud.context import Cloud, Setting
from localcloud.explain.report import report
from localcloud.faults import Fault, read_fault
from localcloud.wire.http import (
    BodyTooLargeError,
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

PREFIX = "/_localcloud/"
_MAX_BODY = 64 << 10
_PAGE = 1_000
_ENDPOINTS = "health, outbox, explain, decisions, reset, clock, faults and risks"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Control:
    """The control endpoints of one cloud."""

    def __init__(
        self,
        cloud: Cloud,
        health: Callable[[], dict[str, Any]],
        reset: Callable[[], Awaitable[dict[str, Any]]],
        decisions: Decisions,
        has_function: Callable[[str], Awaitable[bool]],
    ) -> None:
        """`health`, `reset` and `has_function` are the server's: it alone knows how the stack is doing."""
        self._decisions = decisions
        self._cloud = cloud
        self._health = health
        self._reset = reset
        self._has_function = has_function

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        head = read_head(scope)
        try:
            body = await read_body(receive, _MAX_BODY)
        except BodyTooLargeError:
            return await write(send, _json(413, {"error": f"a body may have {_MAX_BODY} bytes"}))
        request = HttpRequest(head.method, head.raw_path, head.raw_query, head.headers, body, head.client_ip)
        return await write(send, await self._answer(request), head=head.method == "HEAD")

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        if not _is_local(request):
            return _json(403, {"error": "this address answers local tools only, not pages of other sites"})
        match request.method, request.path.removeprefix(PREFIX):
            case "GET" | "HEAD", "health":
                return _json(200, self._health())
            case "GET", "outbox":
                return self._outbox(request)
            case "GET", "explain":
                return self._explain(request)
            case "GET", "decisions":
                return self._list_decisions(request)
            case "POST", "reset":
                return _json(200, await self._reset())
            case "POST", "clock":
                return self._advance(request)
            case "GET" | "POST" | "DELETE", "faults":
                return await self._change_faults(request)
            case "GET" | "POST" | "DELETE", "risks":
                return self._change_risks(request)
        return _json(404, {"error": f"no such endpoint; there are {_ENDPOINTS}"})

    def _outbox(self, request: HttpRequest) -> HttpResponse:
        to = request.query.get("to", [""])[0]
        if not to:
            return _json(400, {"error": "say whose messages: outbox?to=ADDRESS_OR_USERNAME"})
        found = outbox.read(self._cloud.store, to)
        return _json(200, found) if found else _json(404, {"error": f"nothing was sent to {to}"})

    def _explain(self, request: HttpRequest) -> HttpResponse:
        request_id = request.query.get("request", ["last"])[0]
        decided = self._decisions.newest() if request_id == "last" else self._decisions.find(request_id)
        if decided is None:
            return _json(404, {"error": f"no refusal is known under the request id {request_id!r}"})
        return _json(200, report(decided))

    def _list_decisions(self, request: HttpRequest) -> HttpResponse:
        if not self._decisions.everything:
            return _json(409, {"error": "only refusals are kept; start the local cloud with --decisions"})
        after = request.query.get("after", ["0"])[0]
        if not (after.isascii() and after.isdigit()):
            return _json(400, {"error": "after must be a number: that of the last decision you have"})
        found = self._decisions.after(int(after), _PAGE)
        shown = [report(decided, with_hints=False) for decided in found]
        return _json(200, {"decisions": shown, "next": found[-1].number if found else int(after)})

    def _advance(self, request: HttpRequest) -> HttpResponse:
        try:
            seconds = orjson.loads(request.body)["advance_seconds"]
            if type(seconds) not in (int, float):
                raise TypeError(seconds)
            self._cloud.clock.advance(seconds)
        except (ValueError, KeyError, TypeError):
            return _json(400, {"error": 'send {"advance_seconds": N}, N zero or more: the clock only moves forward'})
        self._cloud.store.put(Setting("clock_offset", repr(self._cloud.clock.offset)))
        return _json(200, {"now": self._cloud.clock.now(), "offset_seconds": self._cloud.clock.offset})

    async def _change_faults(self, request: HttpRequest) -> HttpResponse:
        faults = self._cloud.faults
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                asked = read_fault(orjson.loads(request.body))
            except ValueError as error:
                return _json(400, {"error": str(error)})
            if isinstance(asked, Fault) and not await self._has_function(asked.function):
                return _json(404, {"error": f"there is no function of the name {asked.function}"})
            faults.put(asked)
        return _json(200, faults.listed())

    def _change_risks(self, request: HttpRequest) -> HttpResponse:
        assessments = self._cloud.assessments
        if request.method == "DELETE":
            assessments.clear()
        elif request.method == "POST":
            try:
                assessments.put(read_assessment(orjson.loads(request.body)))
            except ValueError as error:
                return _json(400, {"error": str(error)})
        return _json(200, {"risks": assessments.listed()})


def _is_local(request: HttpRequest) -> bool:
    """Attack: a web page that resets the cloud or reads codes, by form post or by a name that resolves to loopback."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    return host in _LOOPBACK and not is_from_page(request)


def _json(status: int, value: Any) -> HttpResponse:
    return HttpResponse(status, orjson.dumps(value) + b"\n", {"content-type": "application/json"})
