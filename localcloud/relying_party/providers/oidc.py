"""Any OpenID Connect provider."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.federation.openid import Issuer
from localcloud.relying_party import openid_connect
from localcloud.relying_party.models import Arrival, Asked, Departure


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """Send a browser to the provider. Raises FederationError."""
    return openid_connect.begin(cloud, asked, state, _issuer(asked), given=asked.details)


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who came back. Raises FederationError."""
    return openid_connect.finish(
        cloud,
        asked,
        secrets,
        answer,
        _issuer(asked),
        client_secret=asked.details.get("client_secret", ""),
        given=asked.details,
    )


def _issuer(asked: Asked) -> Issuer:
    # Some, Auth0 among them, end their name with a slash that nobody writes into the settings.
    url = asked.details["oidc_issuer"].rstrip("/")
    return Issuer(url.partition("://")[2], (url, f"{url}/"), url)
