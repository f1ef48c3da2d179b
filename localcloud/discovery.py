"""`/POOL_ID/.well-known/…`: the public keys of a user pool, and where its parts are."""

from __future__ import annotations

import re

import orjson

from localcloud.context import Cloud, Context
from localcloud.http import HttpResponse, Receive, Scope, Send, write
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import signing_key

PATH = re.compile(r"/(?P<pool>[\w-]+_[0-9a-zA-Z]+)/\.well-known/(?P<document>jwks\.json|openid-configuration)")


class Discovery:
    """Serves the discovery documents of every pool."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request whose path fits PATH."""
        found = PATH.fullmatch(scope["path"])
        pool_id = found["pool"] if found else ""
        if self._cloud.store.get(UserPool, pool_id) is None:
            return await write(
                send, HttpResponse(404, b'{"message":"Not Found"}', {"content-type": "application/json"})
            )
        document = self.jwks(pool_id) if found and found["document"] == "jwks.json" else self._configuration(pool_id)
        headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
        return await write(send, HttpResponse(200, orjson.dumps(document), headers), head=scope["method"] == "HEAD")

    def jwks(self, pool_id: str) -> dict[str, list[dict[str, str]]]:
        """The pool's JSON Web Key Set."""
        return {"keys": [signing_key(Context(self._cloud), pool_id).jwk]}

    def _configuration(self, pool_id: str) -> dict[str, object]:
        return {
            "issuer": self._cloud.issuer_of(pool_id),
            "jwks_uri": f"{self._cloud.endpoint_url}/{pool_id}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
        }
