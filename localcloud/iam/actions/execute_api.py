"""API Gateway's own APIs: calling a route, and answering a WebSocket connection.

Paths are `/_aws/execute-api/API/STAGE/…`; whoever serves an API by host name puts its path into that form first.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check

_PATH = re.compile(
    r"/_aws/execute-api/(?P<api>[a-z0-9]+)/(?P<stage>\$default|[A-Za-z0-9_-]+)(?:/(?P<route>.*))?", re.DOTALL
)
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one request, whose `path` is percent-decoded once; nothing for one that is not understood."""
    match = _PATH.fullmatch(call.path)
    if match is None or call.method not in _METHODS or "websocket" in call.headers.get("upgrade", "").lower():
        return []
    route = match["route"] or ""
    # Attack: `public/../private` and `public//private` match a rule on `GET/public/*` and might be routed elsewhere.
    if any(segment in ("", ".", "..") for segment in route.removesuffix("/").split("/")) and route:
        return []
    action = "execute-api:ManageConnections" if route.split("/")[0] == "@connections" else "execute-api:Invoke"
    prefix = f"arn:aws:execute-api:{call.region}:{call.account}:{match['api']}/{match['stage']}"
    return [Check(action, f"{prefix}/{call.method}/{route}")]
