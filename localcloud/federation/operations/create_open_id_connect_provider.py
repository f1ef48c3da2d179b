"""CreateOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers, provider_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Register a provider. Raises InvalidInput, EntityAlreadyExists and LimitExceeded."""
    tags = provider_tags.read(request.get("Tags"))
    clients, thumbprints = request.get("ClientIDList") or (), request.get("ThumbprintList") or ()
    provider = open_id_providers.create(ctx, request["Url"], clients, thumbprints, tags)
    return {"OpenIDConnectProviderArn": provider.arn, "Tags": provider_tags.shown(tags)}
