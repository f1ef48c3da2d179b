"""Sign in with Apple: ID tokens for a bundle id or a services id."""

from __future__ import annotations

from collections.abc import Collection

from localcloud.context import Cloud
from localcloud.federation.openid import Issuer
from localcloud.federation.providers import openid_connect
from localcloud.federation.user import FederatedUser

NAME = "appleid.apple.com"

ISSUER = Issuer(NAME, (f"https://{NAME}",), f"https://{NAME}")


def verify(cloud: Cloud, token: str, clients: Collection[str] | None) -> FederatedUser:
    """The user of an Apple ID token. Raises FederationError."""
    return openid_connect.verify_as(cloud, ISSUER, token, clients)
