"""GetOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import identity_providers, provider_tags
from localcloud.federation.models import OpenIdProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A provider; its URL without the scheme, as IAM shows it. Raises NoSuchEntity."""
    provider = identity_providers.require(ctx, OpenIdProvider, request["OpenIDConnectProviderArn"])
    return {
        "Url": provider.name,
        "ClientIDList": provider.client_ids,
        "ThumbprintList": provider.thumbprints,
        "CreateDate": provider.created,
        "Tags": provider_tags.shown(provider.tags),
    }
