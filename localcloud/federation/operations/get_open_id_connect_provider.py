"""GetOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers, provider_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A provider; its URL without the scheme, as IAM shows it. Raises NoSuchEntity."""
    provider = open_id_providers.require(ctx, request["OpenIDConnectProviderArn"])
    return {
        "Url": provider.name,
        "ClientIDList": provider.client_ids,
        "ThumbprintList": provider.thumbprints,
        "CreateDate": provider.created,
        "Tags": provider_tags.shown(provider.tags),
    }
