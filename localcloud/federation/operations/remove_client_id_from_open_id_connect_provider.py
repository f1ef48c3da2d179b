"""RemoveClientIDFromOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Let an app's tokens count no longer. Raises NoSuchEntity."""
    open_id_providers.remove_client(ctx, request["OpenIDConnectProviderArn"], request["ClientID"])
    return {}
