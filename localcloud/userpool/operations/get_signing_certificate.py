"""GetSigningCertificate: what a SAML provider checks a pool's requests with, and encrypts its assertions for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import saml_key


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The certificate of the pool's SAML key."""
    return {"Certificate": saml_key.certificate(ctx, require_pool(ctx, request["UserPoolId"]).id)}
