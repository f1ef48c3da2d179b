"""AddClientIDToOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Let another app's tokens count. Raises NoSuchEntity and LimitExceeded."""
    open_id_providers.add_client(ctx, request["OpenIDConnectProviderArn"], request["ClientID"])
    return {}
