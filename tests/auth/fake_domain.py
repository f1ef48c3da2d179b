"""A pool's domain as an app meets it, over a real socket: it signs everybody in at once, unless a test says otherwise.

It checks what a pool checks of a code and its verifier, so that an exchange which should fail does.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from auth.settings import Settings
from tests.auth.minting import jwk, mint

POOL, CLIENT = "eu-west-1_Abc", "client-1"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
BASE = "/_aws/auth/test"
KEY = rsa.generate_private_key(65537, 2048)


@dataclass(slots=True)
class FakeDomain:
    """What it knows, and what a test changes: `answers` are redirects of /oauth2/authorize in place of a code,
    `claims` are added to the ID token, `refusals` are answers of an endpoint in place of its own."""

    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    answers: list[dict[str, str]] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    change: Callable[[dict[str, Any]], dict[str, Any]] = lambda answer: answer
    authorization: str = ""

    @property
    def settings(self) -> Settings:
        endpoint = f"http://127.0.0.1:{self.port}"
        return Settings(
            "eu-west-1", POOL, CLIENT, hosted_ui_url=f"{endpoint}{BASE}", endpoint_url=endpoint, api_url=None
        )

    def outputs(self) -> dict[str, str]:
        """The same, as an outputs file holds it."""
        endpoint = f"http://127.0.0.1:{self.port}"
        return {
            "Region": "eu-west-1",
            "UserPoolId": POOL,
            "AppClientId": CLIENT,
            "HostedUiUrl": f"{endpoint}{BASE}",
            "EndpointUrl": endpoint,
        }

    def callback(self, url: str, **instead: str) -> str:
        """Where the browser comes back to from an address of /oauth2/authorize."""
        query = dict(parse_qsl(urlsplit(url).query))
        self.asked.append(("authorize", query))
        answer = self.answers.pop(0) if self.answers else {"code": self.code(query)}
        return f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state'], **instead})}"

    def code(self, query: Mapping[str, str]) -> str:
        code = secrets.token_urlsafe(8)
        self.codes[code] = dict(query)
        return code

    def token(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of /oauth2/token."""
        if form.get("client_id") != CLIENT:
            return 400, {"error": "invalid_client"}
        if form.get("grant_type") == "refresh_token":
            known = form["refresh_token"] in self.refresh_tokens
            return (200, self.issue({})) if known else (400, {"error": "invalid_grant"})
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = sha256(form.get("code_verifier", "").encode()).digest()
        proven = asked and asked["code_challenge"] == urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if not asked or not proven or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        refresh = secrets.token_urlsafe(8)
        self.refresh_tokens.add(refresh)
        return 200, {**self.issue({"nonce": asked["nonce"]}), "refresh_token": refresh}

    def issue(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        now = int(time.time())
        common = {"sub": "user-1", "iss": ISSUER, "iat": now, "exp": now + 3600}
        access = mint(KEY, {**common, "token_use": "access", "client_id": CLIENT, "jti": secrets.token_hex(4)})
        half = urlsafe_b64encode(sha256(access.encode()).digest()[:16]).rstrip(b"=").decode()
        own = {"token_use": "id", "aud": CLIENT, "at_hash": half, "cognito:username": "Google_7"}
        identity = mint(KEY, {**common, **own, "email": "ada@example.com", **claims, **self.claims})
        answer = {"access_token": access, "id_token": identity, "expires_in": 3600, "token_type": "Bearer"}
        return self.change(answer)


@contextmanager
def running() -> Iterator[FakeDomain]:
    domain = FakeDomain()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path.removeprefix(BASE)
            if path == f"/{POOL}/.well-known/jwks.json":
                return self.tell(200, {"keys": [jwk(KEY, "key-1")]})
            if path == "/oauth2/authorize":
                return self.go(domain.callback(self.path))
            if path == "/logout":
                return self.go(dict(parse_qsl(urlsplit(self.path).query))["logout_uri"])
            domain.authorization = self.headers.get("Authorization", "")
            return self.end("userInfo", 200, {"sub": "user-1", "email": "ada@example.com", "email_verified": "true"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            path, form = urlsplit(self.path).path.removeprefix(f"{BASE}/oauth2/"), dict(parse_qsl(body))
            domain.asked.append((path, form))
            if path == "revoke":
                domain.refresh_tokens.discard(form["token"])
                return self.end(path, 200, None)
            return self.end(path, *domain.token(form))

        def end(self, path: str, status: int, answer: Any) -> None:
            if path in domain.refusals:
                return self.tell(*domain.refusals[path])
            return self.tell(status, answer)

        def tell(self, status: int, answer: Any) -> None:
            body = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def go(self, location: str) -> None:
            self.send_response(302)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        domain.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield domain
        server.shutdown()
