"""Google: ID tokens of Sign in with Google."""

from __future__ import annotations

from collections.abc import Collection

from localcloud.context import Cloud
from localcloud.federation.openid import Issuer
from localcloud.federation.providers import openid_connect
from localcloud.federation.user import FederatedUser

NAME = "accounts.google.com"

ISSUER = Issuer(NAME, (f"https://{NAME}", NAME), f"https://{NAME}")
"""Google signs with either form. Source: Google Identity, "Verify the Google ID token on your server side"."""


def verify(cloud: Cloud, token: str, clients: Collection[str] | None) -> FederatedUser:
    """The user of a Google ID token. Raises FederationError."""
    return openid_connect.verify_as(cloud, ISSUER, token, clients)
