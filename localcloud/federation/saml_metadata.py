"""The metadata document of a SAML identity provider: who it is, and which certificates sign for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from lxml import etree

from localcloud.federation import saml_xml
from localcloud.federation.signatures import MIN_RSA_BITS, PublicKey, algorithms_of


@dataclass(frozen=True, slots=True)
class Metadata:
    """An identity provider. `valid_until` in seconds since the epoch, None when the document has no end.

    The certificates are trusted for the keys in them alone. Source: IAM user guide, "Create a SAML identity provider in
    IAM": their own expiry is not looked at.
    """

    entity_id: str
    certificates: tuple[x509.Certificate, ...]
    valid_until: float | None


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
    return Metadata(entity_id, certificates, saml_xml.time_of(root, "validUntil"))


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
