"""A stand-in for every identity provider: discovery and keys, tokens signed with them, and two social APIs."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

RSA = rsa.generate_private_key(65537, 2048)
OTHER_RSA = rsa.generate_private_key(65537, 2048)
EC = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
}
HASHES: Mapping[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: PrivateKey, kid: str, /, **changes: Any) -> dict[str, Any]:
    """The public key as a provider publishes it; `None` takes a member away."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_numbers()
        members: dict[str, Any] = {"kty": "RSA", "n": _number(public.n), "e": _number(public.e)}
    else:
        point, size = key.public_key().public_numbers(), (key.key_size + 7) // 8
        x, y = (encode(number.to_bytes(size)) for number in (point.x, point.y))
        members = {"kty": "EC", "crv": f"P-{key.key_size}", "x": x, "y": y}
    wanted = {**members, "kid": kid, "use": "sig", **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def sign(claims: Mapping[str, Any], key: PrivateKey = RSA, alg: str = "RS256", **header: Any) -> str:
    """A token with these claims and header; the key id is `rsa` unless the header has another."""
    head = {"alg": alg, "kid": "rsa", **header}
    signed = f"{encode(json.dumps(head).encode())}.{encode(json.dumps(claims).encode())}"
    return f"{signed}.{encode(signature(key, alg, signed.encode()))}"


def signature(key: PrivateKey, alg: str, signed: bytes) -> bytes:
    """A JOSE signature."""
    digest = HASHES[alg[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), digest)
    size = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(digest)))
    return r.to_bytes(size) + s.to_bytes(size)


@dataclass
class StandIn:
    """A server on loopback. `answers`: body or (status, headers, body) by path; `asked`: the paths it was asked for.

    `posted` are the forms that came, `authorized` the Authorization headers; `discovered` is more of its document.
    """

    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk(RSA, "rsa"), *(jwk(EC[a], a) for a in EC)])
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    authorized: list[str] = field(default_factory=list)
    discovered: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    before: Callable[[], None] = lambda: None

    def __enter__(self) -> StandIn:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in._answer(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                stand_in.posted.append(dict(parse_qsl(body)))
                stand_in._answer(self)

            def log_message(self, *_: Any) -> None:
                """Nothing to be printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def host(self) -> str:
        """Its address without the scheme: the name of an OpenID Connect provider."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}"

    def facebook(self, token: str, app_id: str, user: Mapping[str, Any]) -> None:
        """Let the Graph API know an access token."""
        self.answers[f"/app {token}"] = {"id": app_id}
        self.answers[f"/me {token}"] = user

    def amazon(self, token: str, info: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
        """Let Login with Amazon know an access token."""
        self.answers[f"/auth/o2/tokeninfo {token}"] = info
        self.answers[f"/user/profile {token}"] = profile

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return self.asked.count(path)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        token = parse_qs(parts.query).get("access_token", [""])[0]
        self.asked.append(parts.path)
        self.authorized += handler.headers.get_all("authorization", [])
        self.before()
        found = self.answers.get(f"{parts.path} {token}".strip(), self._document(parts.path))
        status, headers, body = found if isinstance(found, tuple) else (200, {}, found)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {**headers, "content-length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _document(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.issuer or self.url, "jwks_uri": f"{self.url}/keys", **self.discovered}
        if path == "/keys":
            return {"keys": self.keys}
        return 400, {}, {"error": {"message": "Invalid OAuth access token."}}


def _number(number: int) -> str:
    return encode(number.to_bytes((number.bit_length() + 7) // 8))
