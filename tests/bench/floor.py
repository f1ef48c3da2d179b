"""The floor under a sign-in: the same HTTP stack, and of a sign-in its exponentiations and signatures alone.

No user, no pool, no state, nothing checked: whatever a server of this kind does beyond this is its own cost. Run as
`python -m tests.bench.floor PORT`; it answers what `RawClient` and `signing_in_by_pages.App` ask.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import orjson

from localcloud import server
from localcloud.jws import Key
from localcloud.userpool.factors.modexp import power
from localcloud.userpool.factors.srp import N, make_challenge, make_verifier
from localcloud.wire import http

_EXPONENT = secrets.randbits(256)
_VERIFIER = make_verifier(_EXPONENT)
_NAMES = ("sub", "iss", "client_id", "origin_jti", "event_id", "jti")
_CLAIMS = {**dict.fromkeys(_NAMES, "0123456789abcdef"), "cognito:username": "u", "aud": "client"}
_MADE = {"UserPool": {"Id": "us-east-1_pool"}, "UserPoolClient": {"ClientId": "client"}}


class Floor:
    """Answers sign-ins that it knows nothing of."""

    def __init__(self) -> None:
        self._key = Key.make()
        self._executor = ThreadPoolExecutor(server.THREADS)

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve one ASGI request."""
        head = http.read_head(scope)
        body = await http.read_body(receive, None)
        work = self._api if "x-amz-target" in head.headers else self._page
        await http.write(send, await asyncio.get_running_loop().run_in_executor(self._executor, work, head, body))

    def _api(self, head: http.HttpRequest, body: bytes) -> http.HttpResponse:
        flow = orjson.loads(body).get("AuthFlow") or head.headers["x-amz-target"].rpartition(".")[2]
        works: dict[str, Callable[[], Any]] = {
            "USER_PASSWORD_AUTH": self._by_password,
            "USER_SRP_AUTH": self._challenge,
            "RespondToAuthChallenge": self._by_srp,
        }
        return _json(works[flow]() if flow in works else _MADE)

    def _by_password(self) -> dict[str, Any]:
        # Whoever keeps SRP's verifier alone makes it anew from a password that is sent.
        make_verifier(_EXPONENT)
        return {"AuthenticationResult": self._tokens("AccessToken", "IdToken")}

    def _challenge(self) -> dict[str, Any]:
        block = base64.b64encode(bytes(600)).decode()
        b_public = make_challenge(_VERIFIER, _EXPONENT)
        parameters = {"USER_ID_FOR_SRP": "u", "SRP_B": f"{b_public:x}", "SALT": "abcdef", "SECRET_BLOCK": block}
        return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters, "Session": block}

    def _by_srp(self) -> dict[str, Any]:
        power(power(_VERIFIER, _EXPONENT, N), _EXPONENT, N)
        return {"AuthenticationResult": self._tokens("AccessToken", "IdToken")}

    def _page(self, head: http.HttpRequest, body: bytes) -> http.HttpResponse:
        """Managed login's four requests; the nonce is the code, so that the floor has nothing to remember."""
        if head.path.endswith("/oauth2/authorize"):
            return http.HttpResponse(302, headers={"location": f"/login?{head.raw_query}"})
        if head.path.endswith("/oauth2/token"):
            return _json(self._tokens("access_token", "id_token", nonce=parse_qs(body.decode())["code"][0]))
        if head.path.endswith("/login") and head.method == "POST":
            make_verifier(_EXPONENT)
            return http.HttpResponse(302, headers={"location": f"http://localhost/?code={head.query['nonce'][0]}"})
        if head.path.endswith("/login"):
            return http.HttpResponse(200, f'<form action="/login?{head.raw_query}"></form>'.encode())
        return _json({"keys": [self._key.jwk]})

    def _tokens(self, *names: str, **claims: str) -> dict[str, Any]:
        return {name: self._key.sign({**_CLAIMS, **claims}) for name in names}


def _json(answer: Any) -> http.HttpResponse:
    return http.HttpResponse(200, orjson.dumps(answer), {"content-type": "application/x-amz-json-1.1"})


if __name__ == "__main__":
    server.serve(Floor(), server.bind(int(sys.argv[1])), lifespan="off")
