"""SAML 2.0: a company's own identity provider."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.federation.errors import RejectedError, TokenError
from localcloud.relying_party.claims import as_texts
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.models import Arrival, Asked, Departure
from localcloud.relying_party.saml import arrivals, bindings, messages, own_key, provider_metadata
from localcloud.relying_party.saml.sessions import ProviderSession


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """A request to sign in, signed where `RequestSigningAlgorithm` says so. Raises FederationError."""
    metadata = provider_metadata.find(cloud, asked)
    address, binding = provider_metadata.address(metadata.sign_on, "SingleSignOnService")
    request = messages.authn_request(cloud, asked, address)
    key = own_key.load(asked.signing_key) if asked.details.get("RequestSigningAlgorithm") else None
    url, form = bindings.send(request, binding, "SAMLRequest", state, key)
    return Departure(url, {"request_id": request.id}, form)


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who comes back with a response; without secrets it is one that nobody asked for. Raises FederationError."""
    try:
        said = arrivals.read(cloud, asked, answer.get("SAMLResponse", ""), secrets.get("request_id", ""))
    except RejectedError as error:
        raise DeclinedError(asked.name, "access_denied") from error
    except TokenError as error:
        raise TokenError(f"Invalid SAML response received: {error}") from error
    claims = {name: values[0] if len(values) == 1 else list(values) for name, values in said.attributes.items()}
    return Arrival(
        subject=said.subject,
        claims=claims,
        sources={"samlResponse": as_texts(claims)},
        session=ProviderSession.of(said).text,
    )
