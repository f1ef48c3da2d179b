"""Single logout: a session at the provider that ends with ours, and ours that ends with the provider's.

Source: SAML 2.0 profiles, section 4.4; Cognito developer guide, "Signing out SAML users with single sign-out".
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from localcloud.context import Cloud
from localcloud.federation import saml_xml
from localcloud.federation.errors import TokenError
from localcloud.federation.saml_assertion import SKEW
from localcloud.federation.saml_metadata import Metadata
from localcloud.relying_party.models import Asked, Departure
from localcloud.relying_party.saml import bindings, messages, own_key, provider_metadata, used_assertions
from localcloud.relying_party.saml.sessions import ProviderSession
from localcloud.relying_party.saml.signed_messages import Received

_SECONDS = 300
"""How old a message may be: more than any redirect takes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose sessions a provider ends. Without indexes all that it has begun for this subject."""

    request_id: str
    subject: str
    indexes: frozenset[str]


def begin(cloud: Cloud, asked: Asked, session: str, state: str) -> Departure:
    """Ask a provider to end a session of `Arrival.session`; always signed. Raises FederationError."""
    known = ProviderSession.read(session)
    if known is None:
        raise TokenError("The session is none that a SAML provider has begun")
    metadata = provider_metadata.find(cloud, asked)
    address, binding = provider_metadata.address(metadata.logout, "SingleLogoutService")
    request = messages.logout_request(cloud, asked, address, known)
    url, form = bindings.send(request, binding, "SAMLRequest", state, own_key.load(asked.signing_key))
    return Departure(url, {"request_id": request.id}, form)


def finish(cloud: Cloud, asked: Asked, request_id: str, received: Received, address: str) -> None:
    """Check the provider's answer to our request, which came to `address`. Raises FederationError."""
    root = _verified(cloud, asked, received, "samlp:LogoutResponse", address)
    if root.get("InResponseTo") != request_id:
        raise TokenError("InResponseTo is not the id of the request that was sent.")
    with _readable():
        code = saml_xml.child(root, "samlp:Status/samlp:StatusCode")
    if code is None or code.get("Value") != messages.SUCCESS:
        raise TokenError("The identity provider has not signed the user out, or not everywhere.")


def ended(cloud: Cloud, asked: Asked, received: Received, address: str) -> Ended:
    """Whose sessions a provider's own request ends; good once. Raises FederationError."""
    root = _verified(cloud, asked, received, "samlp:LogoutRequest", address)
    with _readable():
        name_id = saml_xml.child(root, "saml:NameID")
        end = saml_xml.time_of(root, "NotOnOrAfter")
    if name_id is None or (end is not None and cloud.clock.now() >= end):
        raise TokenError("The request to sign out names nobody, or has ended.")
    identifier = root.get("ID", "")
    used_assertions.spend(cloud, address, received.issuer, identifier, cloud.clock.now() + _SECONDS + SKEW)
    indexes = saml_xml.texts(saml_xml.children(root, "samlp:SessionIndex"))
    return Ended(identifier, saml_xml.text(name_id), frozenset(indexes))


def answer(cloud: Cloud, asked: Asked, request_id: str, relay_state: str) -> Departure:
    """Tell a provider that it is done. Raises FederationError."""
    metadata = provider_metadata.find(cloud, asked)
    address, binding = provider_metadata.address(metadata.logout_answer, "SingleLogoutService")
    response = messages.logout_response(cloud, asked, address, request_id)
    url, form = bindings.send(response, binding, "SAMLResponse", relay_state, own_key.load(asked.signing_key))
    return Departure(url, {}, form)


def _verified(cloud: Cloud, asked: Asked, received: Received, kind: str, address: str) -> etree._Element:
    """A message of this kind from this provider, to this address, and new."""

    def check(metadata: Metadata) -> etree._Element:
        if received.issuer != metadata.entity_id:
            raise TokenError("Issuer is another one than in the provider's metadata.")
        return received.verified(metadata.certificates)

    root = provider_metadata.verify(cloud, asked, check)
    if root.tag != saml_xml.name(kind) or root.get("Destination", address) != address:
        raise TokenError(f"It is no {kind}, or for another address.")
    with _readable():
        issued = saml_xml.time_of(root, "IssueInstant")
    if issued is None or not issued - SKEW <= cloud.clock.now() < issued + _SECONDS:
        raise TokenError("IssueInstant is too long ago, or in the future.")
    return root


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise TokenError(f"The message cannot be read: {error}") from error
