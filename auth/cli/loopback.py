"""A listener on this machine that a browser comes back to at the end of a sign-in (RFC 8252, section 7.3)."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from queue import Empty, Queue
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs

from auth.claims import same
from auth.errors import AuthError

PATIENCE = 60.0
"""Seconds that a visitor waits for the answer, and that we wait for it to be sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A page with one sentence, or the address where the visitor goes next."""

    status: int
    text: str = ""
    location: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser that came back, and waits for an answer. `url` is path and query."""

    url: str = field(repr=False)
    replies: Queue[Reply] = field(default_factory=Queue, repr=False)
    sent: threading.Event = field(default_factory=threading.Event, repr=False)

    def answer(self, text: str, status: int = 200) -> None:
        """Show a page with this sentence."""
        self._give(Reply(status, text))

    def send_on(self, location: str) -> None:
        """Send the browser to another address."""
        self._give(Reply(303, location=location))

    def _give(self, reply: Reply) -> None:
        self.replies.put(reply)
        self.sent.wait(PATIENCE)  # or the process ends before the browser has its page


class Loopback(ThreadingTCPServer):
    """Listens on 127.0.0.1 while its `with` block runs. Raises AuthError if the port is taken.

    `expect` says which `state` the next visit must bring, `receive` waits for it. Whatever else comes is sent away.
    """

    daemon_threads = True  # a browser opens connections ahead of need, and leaves them open
    # Elsewhere than on POSIX this would let another program listen on the same port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, port: int, path: str) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise AuthError(
                f"port {port} cannot be used: {error.strerror}",
                hint="--port names another one, which the app client has to allow",
            ) from error
        self.port: int = self.server_address[1]
        self.path = path
        self.address = f"http://localhost:{self.port}{path}"
        self._lock = threading.Lock()
        self._expected: str | None = None
        self._visits: Queue[Visit] = Queue()

    def __enter__(self) -> Loopback:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def expect(self, state: str) -> None:
        """Let the next visit with this `state` in, and that one only; without one where it is empty."""
        with self._lock:
            self._expected = state

    def receive(self, seconds: float) -> Visit:
        """The visit that was expected. Raises AuthError if it does not come in time."""
        try:
            return self._visits.get(timeout=seconds)
        except Empty:
            hint = f"the page there says so if the app client does not allow {self.address}"
            raise AuthError(f"the browser did not come back within {seconds:.0f} seconds", hint=hint) from None

    def admit(self, visit: Visit, state: str) -> bool:
        """Whether this is the visit that was expected.

        Attack: a page or program of somebody else's that calls this address, before or after the browser does.
        """
        with self._lock:
            if self._expected is None or not same(state, self._expected):
                return False
            self._expected = None
        self._visits.put(visit)
        return True

    def handle_error(self, *_: Any) -> None:
        """Nothing: a browser that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    server_version, sys_version = "gatehouse", ""
    timeout = 10.0  # seconds for the request itself

    def do_GET(self) -> None:
        # Attack: DNS rebinding, a foreign name that leads here, whose page could then read the answers.
        if self.headers.get_all("Host") not in ([f"localhost:{self.server.port}"], [f"127.0.0.1:{self.server.port}"]):
            return self._reply(Reply(403, "This address answers to localhost only."))
        path, _, query = self.path.partition("?")
        if path != self.server.path:
            return self._reply(Reply(404, "There is nothing here."))
        visit = Visit(self.path)
        if not self.server.admit(visit, _state(query)):
            return self._reply(Reply(400, "This does not belong to the sign-in that waits in the terminal."))
        try:
            self._reply(visit.replies.get(timeout=PATIENCE))
        except Empty:
            self._reply(Reply(504, "The terminal gave no answer."))
        finally:
            visit.sent.set()

    def log_message(self, *_: Any) -> None:
        """Nothing: the address of a visit holds the code."""

    def _reply(self, reply: Reply) -> None:
        body = _PAGE.format(escape(reply.text)).encode()
        self.send_response(reply.status)
        if reply.location:
            self.send_header("Location", reply.location)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Gatehouse</title>
<main><p>{}</p></main>
</html>
"""

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}


def _state(query: str) -> str:
    """The `state` of a query; of several, none."""
    try:
        found = parse_qs(query, max_num_fields=20).get("state", [""])
    except ValueError:
        return ""
    return found[0] if len(found) == 1 else ""
