"""ListUserPoolClientSecrets: which secrets an app client has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import client_secrets
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Ids and dates of all of them, never the secrets; there is no second page."""
    _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    return {"ClientSecrets": [client_secrets.describe(secret_id) for secret_id in client.secrets]}
