"""Another web site: the app that people sign in to, or an attacker's page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_PAGE = "<!doctype html><html lang='en'><title>{path}</title><link rel='icon' href='data:,'><h1>{path}</h1>"


@dataclass(frozen=True, slots=True)
class Site:
    """A server on this machine under the name `localhost`, which for a browser is another site than 127.0.0.1.

    `pages` are documents by path, `moved` where another path sends the browser on to. Every other path answers with a
    page that says which it is.
    """

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://localhost:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Site]:
    """A site for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            body = site.pages.get(path, _PAGE.format(path=path)).encode()
            self.send_response(303 if path in site.moved else 200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            if path in site.moved:
                self.send_header("location", site.moved[path])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield site
        server.shutdown()
        thread.join()
