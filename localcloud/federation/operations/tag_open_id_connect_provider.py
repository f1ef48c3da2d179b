"""TagOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers, provider_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or give those that are there other values. Raises NoSuchEntity and LimitExceeded."""
    tags = request["Tags"]
    open_id_providers.change(
        ctx, request["OpenIDConnectProviderArn"], lambda old: {"tags": provider_tags.read(tags, old.tags)}
    )
    return {}
