"""Facebook Login: OAuth 2.0 with the Graph API. Source: Meta for Developers, "Manually Build a Login Flow"."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from localcloud.context import Cloud
from localcloud.federation import documents
from localcloud.federation.errors import RejectedError
from localcloud.federation.providers import graph_facebook_com
from localcloud.relying_party import claims, code_flow
from localcloud.relying_party.models import Arrival, Asked, Departure

DIALOG, GRAPH = "www.facebook.com", graph_facebook_com.NAME


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """Send a browser to Facebook."""
    page = f"{documents.address_of(cloud, DIALOG, f'https://{DIALOG}')}/{asked.details['api_version']}/dialog/oauth"
    return Departure(code_flow.location(page, asked, state), {})


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who came back. Raises FederationError."""
    graph = f"{documents.address_of(cloud, GRAPH, f'https://{GRAPH}')}/{asked.details['api_version']}"
    form = code_flow.redemption(asked, code_flow.code_of(DIALOG, answer), asked.details["client_secret"])
    # By GET, as on AWS: `token_request_method` of its ProviderDetails.
    tokens = code_flow.redeem(cloud, GRAPH, f"{graph}/oauth/access_token?{urlencode(form)}")
    token = code_flow.access_token_of(GRAPH, tokens)
    user = graph_facebook_com.verify(cloud, token, [asked.details["client_id"]])
    fields = ",".join(dict.fromkeys(("id", *(asked.attributes or ("name", "email")))))
    profile = documents.ask(cloud, GRAPH, f"{graph}/me", token, fields=fields)
    if profile.get("id") != user.subject:
        raise RejectedError(f"{GRAPH} does not say whose the token is.")
    return Arrival(
        subject=user.subject,
        claims=claims.as_attributes({**profile, "access_token": token}),
        sources={"tokenResponse": claims.as_texts(tokens), "userInfo": claims.as_texts(profile)},
    )
