"""DescribeIdentity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import wire
from localcloud.identitypool.identities import require_identity


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """When an identity was made and changed, and the providers of its logins. Raises ResourceNotFoundException."""
    return wire.identity(ctx, require_identity(ctx, request["IdentityId"]))
