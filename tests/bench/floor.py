"""The floor under a sign-in: the same HTTP stack, and of a sign-in its exponentiations and signatures alone.

No user, no pool, no state, nothing checked: whatever a server of this kind does beyond this is its own cost. Run as
`python -m tests.bench.floor PORT`; it answers the calls of `RawClient.sign_in` and `sign_in_by_srp`.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import uvicorn

from localcloud import server
from localcloud.jws import Key
from localcloud.userpool.factors.srp import N, make_challenge, make_verifier, power
from localcloud.wire import http

_EXPONENT = secrets.randbits(256)
_VERIFIER = make_verifier(_EXPONENT)
_CLAIMS = dict.fromkeys(("sub", "iss", "client_id", "origin_jti", "event_id", "jti", "username"), "0123456789abcdef")
_TYPE = {"content-type": "application/x-amz-json-1.1"}


class Floor:
    """Answers sign-ins that it knows nothing of."""

    def __init__(self) -> None:
        self._key = Key.make()
        self._executor = ThreadPoolExecutor(server.THREADS)

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve one ASGI request."""
        head = http.read_head(scope)
        asked = orjson.loads(await http.read_body(receive, None) or b"{}")
        work = self._work_of(head.headers.get("x-amz-target", ""), asked)
        answer = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        await http.write(send, http.HttpResponse(200, orjson.dumps(answer), _TYPE))

    def _work_of(self, target: str, asked: dict[str, Any]) -> Any:
        if target.endswith("RespondToAuthChallenge"):
            return self._by_srp
        flows = {"USER_PASSWORD_AUTH": self._by_password, "USER_SRP_AUTH": self._challenge}
        return flows.get(asked.get("AuthFlow", ""), dict)

    def _by_password(self) -> dict[str, Any]:
        make_verifier(_EXPONENT)
        return self._tokens()

    def _challenge(self) -> dict[str, Any]:
        block = base64.b64encode(bytes(600)).decode()
        b_public = make_challenge(_VERIFIER, _EXPONENT)
        parameters = {"USER_ID_FOR_SRP": "u", "SRP_B": f"{b_public:x}", "SALT": "abcdef", "SECRET_BLOCK": block}
        return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters, "Session": block}

    def _by_srp(self) -> dict[str, Any]:
        power(power(_VERIFIER, _EXPONENT, N), _EXPONENT, N)
        return self._tokens()

    def _tokens(self) -> dict[str, Any]:
        tokens = {name: self._key.sign(_CLAIMS) for name in ("AccessToken", "IdToken")}
        return {"AuthenticationResult": tokens | {"RefreshToken": "r", "ExpiresIn": 3600, "TokenType": "Bearer"}}


if __name__ == "__main__":
    uvicorn.Server(server.http_settings(Floor(), lifespan="off")).run(sockets=[server.bind(int(sys.argv[1]))])
