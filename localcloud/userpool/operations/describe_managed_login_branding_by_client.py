"""DescribeManagedLoginBrandingByClient: the style of an app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The style that the client has, on request with the settings that nobody made."""
    _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    style = styles.of_client(ctx, client.id)
    if style is None:
        message = f"ManagedLoginBranding for client {client.id} does not exist."
        raise AwsError("ResourceNotFoundException", message)
    merged = bool(request.get("ReturnMergedResources"))
    return {"ManagedLoginBranding": styles.describe(style, with_defaults=merged)}
