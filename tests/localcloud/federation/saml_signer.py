"""A SAML identity provider: metadata, and responses signed with signxml, good ones and any others."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import methods
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from tests.localcloud.federation.stand_in import OTHER_RSA, RSA, PrivateKey

ENTITY = "https://idp.example.com/saml"
PROVIDER = "arn:aws:iam::000000000000:saml-provider/example"
ROLE = "arn:aws:iam::000000000000:role/app/saml"
ENDPOINT = "https://signin.aws.amazon.com/saml"
AUDIENCE = "urn:amazon:webservices"
NAMES = "https://aws.amazon.com/SAML/Attributes/"
NAMESPACES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


def certificate(key: PrivateKey = RSA, *, days: int = 3650) -> x509.Certificate:
    """A self-signed certificate, which may have ended long ago."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, begin, begin + datetime.timedelta(days))
    return builder.sign(key, hashes.SHA256())


CERTIFICATE, OTHER_CERTIFICATE = certificate(), certificate(OTHER_RSA)


def metadata(
    *certificates: x509.Certificate, entity: str = ENTITY, use: str = 'use="signing"', root: str = "", inside: str = ""
) -> str:
    """A metadata document; `root` are more attributes of its root."""
    described = "".join(
        f"<md:KeyDescriptor {use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>"
        f"{base64.b64encode(found.public_bytes(Encoding.DER)).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for found in certificates or (CERTIFICATE,)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{NAMESPACES["ds"]}"'
        f" entityID={quoteattr(entity)} {root}>"
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{NAMESPACES["samlp"]}">{described}{inside}'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        ' Location="https://idp.example.com/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def time_at(seconds: float) -> str:
    """A time as SAML writes it."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def attributes(more: Mapping[str, str | Sequence[str]] | None = None) -> dict[str, Sequence[str]]:
    """The attributes of a good response, and more; names of AWS's own without their prefix."""
    own = {"Role": f"{ROLE},{PROVIDER}", "RoleSessionName": "ada@example.com"}
    wanted = {**own, **(more or {})}
    return {
        name if ":" in name and not name.startswith("PrincipalTag:") else NAMES + name: (
            [values] if isinstance(values, str) else values
        )
        for name, values in wanted.items()
    }


def response(now: float, said: Mapping[str, Sequence[str]] | None = None, **changes: Any) -> etree._Element:
    """An unsigned response. The changes are texts of the template below, XML as it is."""
    parts = {
        "issuer": ENTITY,
        "status": SUCCESS,
        "subject": "user-ada",
        "format": f'Format="{PERSISTENT}"',
        "method": "urn:oasis:names:tc:SAML:2.0:cm:bearer",
        "recipient": ENDPOINT,
        "issued": time_at(now),
        "begins": time_at(now - 5),
        "ends": time_at(now + 300),
        "confirmed_until": f'NotOnOrAfter="{time_at(now + 300)}"',
        "audience": f"<saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience></saml:AudienceRestriction>",
        "conditions": "",
        "authn": f'<saml:AuthnStatement AuthnInstant="{time_at(now)}"/>',
        "extra": "",
        **changes,
    }
    parts["attributes"] = "".join(
        f"<saml:Attribute Name={quoteattr(name)}>"
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in (attributes() if said is None else said).items()
    )
    return etree.fromstring(_TEMPLATE.format(**parts, **NAMESPACES))


def sign(
    element: etree._Element,
    key: PrivateKey = RSA,
    found: x509.Certificate | None = CERTIFICATE,
    method: SignatureMethod | None = None,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> etree._Element:
    """The element, signed by its own id, with the signature behind the issuer, as SAML wants it."""
    own = SignatureMethod.ECDSA_SHA256 if isinstance(key, ec.EllipticCurvePrivateKey) else SignatureMethod.RSA_SHA256
    signer = _Signer(
        methods.enveloped, method or own, digest, CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    )
    signed = signer.sign(element, key=key, cert=[found] if found else None, reference_uri=element.get("ID"))
    made = signed.find("ds:Signature", NAMESPACES)
    assert made is not None
    signed.remove(made)
    signed.insert(1, made)
    return signed


class _Signer(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """SHA-1 too: what is to be refused has to be made first."""


def signed_response(now: float, said: Mapping[str, Sequence[str]] | None = None, **changes: Any) -> etree._Element:
    """A response whose assertion is signed."""
    return with_signed_assertion(response(now, said, **changes))


def with_signed_assertion(unsigned: etree._Element, **how: Any) -> etree._Element:
    """The response with its assertion signed."""
    found = assertion(unsigned)
    place = list(unsigned).index(found)
    unsigned.remove(found)
    unsigned.insert(place, sign(found, **how))
    return unsigned


def assertion(found: etree._Element) -> etree._Element:
    """The first assertion of a response."""
    inside = found.find(".//saml:Assertion", NAMESPACES)
    assert inside is not None
    return inside


def replaced(found: etree._Element, old: bytes, new: bytes) -> bytes:
    """The text of a response with something replaced after it was signed."""
    text = etree.tostring(found)
    assert text.count(old) >= 1
    return text.replace(old, new)


def encoded(found: etree._Element | bytes) -> str:
    """A response as it is posted."""
    return base64.b64encode(found if isinstance(found, bytes) else etree.tostring(found)).decode()


_TEMPLATE = """<samlp:Response xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="_response" Version="2.0"
 IssueInstant="{issued}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>
<saml:Assertion ID="_assertion" Version="2.0" IssueInstant="{issued}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID {format}>{subject}</saml:NameID><saml:SubjectConfirmation Method="{method}">
<saml:SubjectConfirmationData {confirmed_until} Recipient="{recipient}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}">{audience}{conditions}</saml:Conditions>
{authn}<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>{extra}</samlp:Response>"""

assert isinstance(RSA, rsa.RSAPrivateKey)
