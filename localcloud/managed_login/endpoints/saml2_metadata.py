"""`/saml2/metadata`: the pool as a SAML service provider, for the set-up of a provider. AWS has no such document."""

from __future__ import annotations

from localcloud.managed_login import departures
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.relying_party.saml import service_metadata
from localcloud.userpool.providers.federation_state import IdentityProvider


def get(request: LoginRequest) -> Answer:
    """The metadata, which is the same for all of the pool's SAML providers. Raises PageError where it has none."""
    every = request.ctx.store.find(IdentityProvider, pool_id=request.pool.id)
    provider = next((provider for provider in every if provider.type == "SAML"), None)
    if provider is None:
        raise PageError("the pool has no SAML provider", 404)
    document = service_metadata.write(departures.asked(request, provider), f"{request.base}/saml2/logout")
    return Answer(200, document, "application/samlmetadata+xml")
