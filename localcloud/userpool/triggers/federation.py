"""Inbound federation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.providers.federation_state import IdentityProvider
from localcloud.userpool.triggers.answer import read_object, wrong
from localcloud.userpool.triggers.call import call


def inbound_federation(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    username: str,
    sources: Mapping[str, Mapping[str, str]],
) -> Mapping[str, str]:
    """What is to be taken for the provider's claims, all of them; empty where they are to stay as they are."""
    request = {"providerName": provider.name, "providerType": provider.type, "attributes": dict(sources)}
    defaults: Mapping[str, Any] = {"userAttributesToMap": {}}
    source = "InboundFederation_ExternalProvider"
    answer = call(ctx, pool, "InboundFederation", source, client.id, username, request, defaults)
    claims = read_object(answer, "userAttributesToMap")
    if not all(isinstance(value, str) for value in claims.values()):
        raise wrong("userAttributesToMap")
    return claims
