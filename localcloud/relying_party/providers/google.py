"""Sign in with Google. It is asked at what its discovery document says, whatever the settings name.

AWS asks Google's People API for further attributes (`names`, `phoneNumbers`, …); here it is userInfo, which has none.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.federation.providers.accounts_google_com import ISSUER
from localcloud.relying_party import openid_connect
from localcloud.relying_party.models import Arrival, Asked, Departure


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """Send a browser to Google. Raises FederationError."""
    return openid_connect.begin(cloud, asked, state, ISSUER)


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who came back. Raises FederationError."""
    return openid_connect.finish(cloud, asked, secrets, answer, ISSUER, client_secret=asked.details["client_secret"])
