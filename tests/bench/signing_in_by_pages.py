"""A sign-in by a domain's pages: authorize, the login page, its form, and the code for tokens with PKCE."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from localcloud.managed_login.request import PREFIX
from localcloud.wire.web import FORM
from tests.bench.client import RawClient
from tests.bench.rates import PASSWORD, sequential
from tests.bench.servers import Server

CALLBACK = "http://localhost:8400/callback"
_ACTION = re.compile(rb'<form[^>]* action="([^"]*)"')
_HIDDEN = re.compile(rb'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass(slots=True)
class Page:
    """What a browser was answered. Header names are in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def location(self) -> str:
        """Where it is sent on to; empty where it stays."""
        return next((value for name, value in self.headers if name == "location"), "")


class Connection:
    """One kept-alive connection, read as cheaply as can be: the client's own work is part of both sides' time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def ask(self, method: str, path: str, headers: Sequence[str] = (), body: bytes = b"") -> Page:
        """One request. Raises KeyError for an answer without a length."""
        lines = (f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}", *headers, "", "")
        self._socket.sendall("\r\n".join(lines).encode() + body)
        status, received = int(self._answers.readline().split()[1]), []
        while line := self._answers.readline().decode("latin-1").rstrip():
            name, _, value = line.partition(":")
            received.append((name.lower(), value.strip()))
        page = Page(status, received, self._answers.read(int(dict(received)["content-length"])))
        # ministack's server ends a connection after a thousand requests.
        if ("connection", "close") in received:
            self._open()
        return page

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")


class Browser:
    """A new browser on a connection that is open already: it has no cookies yet, and follows redirects on its site."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """A page, behind as many redirects as there are."""
        page = self._ask("GET", path)
        return self.get(page.location) if page.location.startswith("/") else page

    def post(self, path: str, form: Mapping[str, str]) -> Page:
        """What a form is answered; the app's own page is not asked for."""
        return self._ask("POST", path, (f"content-type: {FORM}",), urlencode(form).encode())

    def _ask(self, method: str, path: str, headers: Sequence[str] = (), body: bytes = b"") -> Page:
        known = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        page = self._connection.ask(method, path, (*headers, f"cookie: {known}") if known else headers, body)
        for name, value in page.headers:
            if name == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self._cookies[key] = kept
        return page


class App:
    """A public app whose one user signs in again and again, each time in a new browser."""

    def __init__(self, server: Server) -> None:
        raw = RawClient(server.port)
        pool = raw.call("CreateUserPool", signed=True, PoolName="bench")["UserPool"]["Id"]
        raw.make_user(pool, "u", PASSWORD)
        raw.call("CreateUserPoolDomain", signed=True, UserPoolId=pool, Domain="bench", ManagedLoginVersion=2)
        made = raw.call(
            "CreateUserPoolClient",
            signed=True,
            UserPoolId=pool,
            ClientName="bench",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "profile"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=["COGNITO"],
        )
        self._client_id = made["UserPoolClient"]["ClientId"]
        # ministack has no domains: its paths are at the root.
        self._base = f"{PREFIX}bench" if server.name == "localcloud" else ""
        self._port = server.port
        # Once, as it says nothing of the servers' speed: the tokens are signed by the keys that the pool publishes.
        token = self.sign_in(Connection(self._port))
        keys = jwt.PyJWKClient(f"{server.endpoint}/{pool}/.well-known/jwks.json")
        jwt.decode(token, keys.get_signing_key_from_jwt(token), algorithms=["RS256"], audience=self._client_id)

    def rate(self, seconds: float) -> float:
        """Sign-ins a second, one after another on one connection."""
        connection = Connection(self._port)
        return sequential(lambda _: self.sign_in(connection), seconds)

    def sign_in(self, connection: Connection) -> str:
        """The ID token of one sign-in. Raises RuntimeError where it is of another one."""
        browser, verifier, nonce = Browser(connection), secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        page = browser.get(f"{self._base}/oauth2/authorize?{self._query(verifier, nonce)}")
        arrived = browser.post(*_filled(page.body))
        code = parse_qs(urlsplit(arrived.location).query)["code"][0]
        token = self._exchange(connection, code, verifier)
        claims = jwt.decode(token, options={"verify_signature": False})
        if (claims["aud"], claims["nonce"], claims["cognito:username"]) != (self._client_id, nonce, "u"):
            raise RuntimeError(f"an ID token of another sign-in: {claims}")
        return token

    def _query(self, verifier: str, nonce: str) -> str:
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return urlencode(
            {
                "client_id": self._client_id,
                "redirect_uri": CALLBACK,
                "response_type": "code",
                "scope": "openid profile",
                "state": secrets.token_urlsafe(16),
                "nonce": nonce,
                "code_challenge": digest,
                "code_challenge_method": "S256",
            }
        )

    def _exchange(self, connection: Connection, code: str, verifier: str) -> str:
        """The ID token for a code. The app's own call: no browser, no cookies."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": verifier,
        }
        answer = Browser(connection).post(f"{self._base}/oauth2/token", form)
        if answer.status != 200:
            raise RuntimeError(f"/oauth2/token: {answer.status} {answer.body!r}")
        return str(json.loads(answer.body)["id_token"])


def _filled(page: bytes) -> tuple[str, dict[str, str]]:
    """Where a login page's form goes, and what it brings there: its hidden fields, the name and the password."""
    action = _ACTION.search(page)
    if action is None:
        raise RuntimeError(f"no form on the page: {page[:500]!r}")
    hidden = {html.unescape(name.decode()): html.unescape(value.decode()) for name, value in _HIDDEN.findall(page)}
    return html.unescape(action[1].decode()), {**hidden, "username": "u", "password": PASSWORD}
