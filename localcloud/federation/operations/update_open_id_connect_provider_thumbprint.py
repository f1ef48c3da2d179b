"""UpdateOpenIDConnectProviderThumbprint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace all thumbprints. Raises NoSuchEntity and InvalidInput."""
    open_id_providers.set_thumbprints(ctx, request["OpenIDConnectProviderArn"], request["ThumbprintList"])
    return {}
