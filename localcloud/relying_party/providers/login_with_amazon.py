"""Login with Amazon: OAuth 2.0 with a profile, and no ID token. Source: its own "Authorization Code Grant"."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.federation import documents
from localcloud.federation.providers import www_amazon_com
from localcloud.federation.providers.www_amazon_com import API, NAME
from localcloud.relying_party import claims, code_flow
from localcloud.relying_party.models import Arrival, Asked, Departure


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """Send a browser to Amazon."""
    page = f"{documents.address_of(cloud, NAME, f'https://{NAME}')}/ap/oa"
    return Departure(code_flow.location(page, asked, state), {})


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who came back. Raises FederationError."""
    form = code_flow.redemption(asked, code_flow.code_of(NAME, answer), asked.details["client_secret"])
    tokens = code_flow.redeem(cloud, NAME, f"{documents.address_of(cloud, NAME, API)}/auth/o2/token", form)
    token = code_flow.access_token_of(NAME, tokens)
    user = www_amazon_com.verify(cloud, token, [asked.details["client_id"]])
    return Arrival(
        subject=user.subject,
        claims=claims.as_attributes({**user.claims, "access_token": token}),
        sources={"tokenResponse": claims.as_texts(tokens), "userInfo": claims.as_texts(user.claims)},
    )
