"""The metadata document of a SAML identity provider: who it is, and which certificates sign for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from lxml import etree

from localcloud.federation import saml_xml
from localcloud.federation.signatures import MIN_RSA_BITS, PublicKey, algorithms_of

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


@dataclass(frozen=True, slots=True)
class Metadata:
    """An identity provider. `valid_until` in seconds since the epoch, None when the document has no end.

    `sign_on`, `logout` and `logout_answer` are its addresses, by REDIRECT or POST: for requests to sign in and out, and
    for answers to its own requests to sign out. They are not checked.

    The certificates are trusted for the keys in them alone. Source: IAM user guide, "Create a SAML identity provider in
    IAM": their own expiry is not looked at.
    """

    entity_id: str
    certificates: tuple[x509.Certificate, ...]
    valid_until: float | None
    sign_on: Mapping[str, str]
    logout: Mapping[str, str]
    logout_answer: Mapping[str, str]


def read(document: str) -> Metadata:
    """The identity provider of a metadata document. Raises ValueError, with what is wrong."""
    # Its comments are harmless: it is the account's own, and nothing in it is signed. Some products write many.
    root = saml_xml.parse(document.encode(), drop_comments=True)
    if root.tag != saml_xml.name("md:EntityDescriptor"):
        raise ValueError("the root is no EntityDescriptor")
    entity_id = root.get("entityID") or ""
    if not entity_id:
        raise ValueError("no entityID")
    roles = saml_xml.children(root, "md:IDPSSODescriptor")
    if not roles:
        raise ValueError("no IDPSSODescriptor")
    certificates = tuple(certificate for role in roles for certificate in _certificates(role))
    if not certificates:
        raise ValueError("no certificate that signs")
    services = [service for role in roles for service in saml_xml.children(role, "md:SingleLogoutService")]
    return Metadata(
        entity_id=entity_id,
        certificates=certificates,
        valid_until=saml_xml.time_of(root, "validUntil"),
        sign_on=_addresses([one for role in roles for one in saml_xml.children(role, "md:SingleSignOnService")]),
        logout=_addresses(services),
        logout_answer={**_addresses(services), **_addresses(services, "ResponseLocation")},
    )


def _addresses(services: Sequence[etree._Element], attribute: str = "Location") -> dict[str, str]:
    """Address by binding: the first of each, and of the two that browsers speak only."""
    named = [(service.get("Binding"), service.get(attribute)) for service in reversed(services)]
    return {binding: address for binding, address in named if binding in (REDIRECT, POST) and address}


def _certificates(role: etree._Element) -> Iterator[x509.Certificate]:
    for descriptor in saml_xml.children(role, "md:KeyDescriptor"):
        # Attack: a certificate that is published for encryption, and whose owner was never meant to sign.
        if descriptor.get("use", "signing") != "signing":
            continue
        for element in saml_xml.children(descriptor, "ds:KeyInfo/ds:X509Data/ds:X509Certificate"):
            yield _certificate(saml_xml.text(element))


def _certificate(encoded: str) -> x509.Certificate:
    certificate = x509.load_der_x509_certificate(base64.b64decode("".join(encoded.split()), validate=True))
    key = certificate.public_key()
    if not isinstance(key, PublicKey) or not algorithms_of(key):
        raise ValueError(f"a certificate whose key is neither RSA of {MIN_RSA_BITS} bits nor P-256 or better")
    return certificate
