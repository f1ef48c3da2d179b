"""Resource servers of a pool: APIs with OAuth scopes of their own.

Source: Cognito developer guide, "Scopes, M2M, and APIs with resource servers" and "Quotas".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.providers.federation_state import ResourceServer

MOST = 25
"""Resource servers of one pool."""


def of_request(pool_id: str, request: Mapping[str, Any]) -> ResourceServer:
    """The server that Create- or UpdateResourceServer describes. Raises InvalidParameterException."""
    entries = request.get("Scopes") or []
    scopes = {entry["ScopeName"]: entry["ScopeDescription"] for entry in entries}
    if len(scopes) < len(entries):
        raise AwsError("InvalidParameterException", "Two scopes of a resource server have one name.")
    return ResourceServer(pool_id=pool_id, identifier=request["Identifier"], name=request["Name"], scopes=scopes)


def require(ctx: Context, pool_id: str, identifier: str) -> ResourceServer:
    """The resource server of that identifier. Raises ResourceNotFoundException."""
    server = ctx.store.get(ResourceServer, pool_id, identifier)
    if server is None:
        raise AwsError("ResourceNotFoundException", f"Resource server {identifier} does not exist.")
    return server


def describe(server: ResourceServer) -> dict[str, Any]:
    """A `ResourceServerType`."""
    scopes = [{"ScopeName": name, "ScopeDescription": text} for name, text in server.scopes.items()]
    return {
        "UserPoolId": server.pool_id,
        "Identifier": server.identifier,
        "Name": server.name,
        **({"Scopes": scopes} if scopes else {}),
    }
