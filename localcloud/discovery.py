"""`/POOL_ID/.well-known/…`: a user pool's public keys, and where its parts are. Without a pool: identity pools'."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from localcloud.context import Cloud, Context
from localcloud.identitypool import openid_tokens
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import UserPool
from localcloud.userpool.pools import signing_key
from localcloud.wire.http import HttpResponse, Receive, Scope, Send, write

PATH = re.compile(
    r"/(?P<pool>[\w-]+_[0-9a-zA-Z]+)/\.well-known/(jwks\.json|openid-configuration)"
    r"|/\.well-known/(jwks_uri|openid-configuration)"
)
"""The documents of a user pool, and under AWS's own odd name for the keys those of https://cognito-identity.amazonaws.com.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""


class Discovery:
    """Serves the discovery documents of every user pool, and of all identity pools together."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request whose path fits PATH."""
        document = self._document(scope["path"])
        if document is None:
            answer = HttpResponse(404, b'{"message":"Not Found"}', {"content-type": "application/json"})
            return await write(send, answer)
        headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
        return await write(send, HttpResponse(200, orjson.dumps(document), headers), head=scope["method"] == "HEAD")

    def _document(self, path: str) -> Mapping[str, Any] | None:
        found = PATH.fullmatch(path)
        pool_id = found["pool"] if found else None
        wants_keys = "/.well-known/jwks" in path
        context = Context(self._cloud)
        if pool_id is None:
            return {"keys": [openid_tokens.key(context).jwk]} if wants_keys else self._identity_pools()
        if self._cloud.store.get(UserPool, pool_id) is None:
            return None
        return {"keys": [signing_key(context, pool_id).jwk]} if wants_keys else self._configuration(pool_id)

    def _configuration(self, pool_id: str) -> dict[str, object]:
        return {
            "issuer": self._cloud.issuer_of(pool_id),
            "jwks_uri": f"{self._cloud.endpoint_url}/{pool_id}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            **self._endpoints(pool_id),
        }

    def _endpoints(self, pool_id: str) -> dict[str, object]:
        """What a pool with a domain has besides. As on AWS, nothing of PKCE, though S256 is taken."""
        domain = domains.of_pool(Context(self._cloud), pool_id)
        if domain is None:
            return {}
        base = domains.address(self._cloud, domain.domain)
        return {
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": f"{base}/oauth2/userInfo",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "end_session_endpoint": f"{base}/logout",
        }

    def _identity_pools(self) -> dict[str, object]:
        return {
            "issuer": openid_tokens.ISSUER,
            "jwks_uri": f"{self._cloud.endpoint_url}/.well-known/jwks_uri",
            "id_token_signing_alg_values_supported": ["RS512"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["token"],
        }
