"""The response that a browser comes back with: whether it is the provider's, for this pool, this request, and new."""

from __future__ import annotations

import re

from localcloud.context import Cloud
from localcloud.federation import saml_response
from localcloud.federation.errors import TokenError
from localcloud.federation.saml_assertion import Addressee, Assertion
from localcloud.federation.saml_metadata import Metadata
from localcloud.relying_party.models import Asked
from localcloud.relying_party.saml import own_key, provider_metadata, used_assertions

_MINUTES = 6
"""Source: Cognito developer guide, "Implement IdP-initiated SAML sign-in": issued within the previous 6 minutes."""


def read(cloud: Cloud, asked: Asked, response: str, request_id: str) -> Assertion:
    """What the response to a request says; an empty id is of a response that nobody asked for. Raises FederationError.

    From now on it is used.
    """
    if not request_id and asked.details.get("IDPInit") != "true":
        # Attack: login CSRF. Somebody's own good response, posted from another site, so that this browser is they.
        raise TokenError("The provider may not begin a sign-in by itself: IDPInit is not true")
    key = own_key.load(asked.signing_key).private if asked.details.get("EncryptedResponses") == "true" else None
    addressee = Addressee(
        audience=re.compile(re.escape(asked.entity_id)),
        recipient=re.compile(re.escape(asked.callback)),
        minutes=_MINUTES,
        request_id=request_id,
    )

    def check(metadata: Metadata) -> Assertion:
        said = saml_response.read(response, metadata.certificates, key)
        said.check(metadata.entity_id, addressee, cloud.clock.now())
        return said

    said = provider_metadata.verify(cloud, asked, check)
    if said.destination not in ("", asked.callback):
        raise TokenError("Destination is not the address that the response came to.")
    used_assertions.spend(cloud, asked.entity_id, said.issuer, said.id, min(said.ends, said.issued + 60 * _MINUTES))
    return said
