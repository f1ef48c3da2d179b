"""ListSAMLProviders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation.models import SamlProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All providers of the account."""
    return {
        "SAMLProviderList": [
            {"Arn": provider.arn, "ValidUntil": provider.valid_until, "CreateDate": provider.created}
            for provider in ctx.store.find(SamlProvider)
        ]
    }
