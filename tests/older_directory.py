"""An older directory of users, behind HTTP, as a company might have one: it is asked, and writes down by whom."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

TOKEN = "the-directorys-own-token"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        directory = cast("OlderDirectory", self.server)
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        directory.asked.append(asked)
        user = directory.users.get(asked["username"].lower(), {})
        right = "password" not in asked or user.get("password") == asked["password"]
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            return self._answer(500, {})
        if directory.elsewhere:
            self.send_response(302)
            self.send_header("location", directory.elsewhere)
            return self.end_headers()
        found = {name: value for name, value in user.items() if name != "password"}
        return self._answer(200 if user and right else 404, found)

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


class OlderDirectory(ThreadingHTTPServer):
    """Users by lower-case name, with their `password`; where `elsewhere` is set, it answers with a redirect there."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.users: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []
        self.elsewhere = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/users"

    def __enter__(self) -> OlderDirectory:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
