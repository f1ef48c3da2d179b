"""The XML that the SAML stand-in reads and writes."""

from __future__ import annotations

import base64
import datetime
import secrets
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import methods
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from localcloud.stand_ins.models import Person, StandInError

_NAMESPACES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"
_SECONDS = 300


def parse(document: bytes) -> etree._Element:
    """The root of a document without a DOCTYPE. Raises ValueError."""
    if b"<!" in document:
        raise ValueError("a DOCTYPE or a comment")
    try:
        return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError("not XML") from error


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def issuer_of(request: etree._Element) -> str:
    """Who sent a request. Raises StandInError."""
    issuer = request.findtext("saml:Issuer", namespaces=_NAMESPACES)
    # Attack: names so long that keeping them is the damage. Source: SAML 2.0 core, section 8.3.6.
    if not issuer or len(issuer) > 1024:
        raise StandInError("the request has no Issuer, or one of more than 1024 characters")
    return issuer.strip()


def metadata(base: str, certificate: x509.Certificate) -> bytes:
    """What an app has to know of this provider."""
    encoded = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    services = "".join(
        f'<md:{kind}Service Binding="{_BINDINGS}HTTP-{binding}" Location={quoteattr(f"{base}/{place}")}/>'
        for kind, place in (("SingleLogout", "slo"), ("SingleSignOn", "sso"))
        for binding in ("Redirect", "POST")
        if (kind, binding) != ("SingleLogout", "POST")
    )
    name_id_format = "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>"
    logout, sign_on = services.split("<md:SingleSignOn", 1)
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{_NAMESPACES["ds"]}"'
        f" entityID={quoteattr(f'{base}/metadata')}>"
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{_NAMESPACES["samlp"]}">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{encoded}</ds:X509Certificate>"
        f"</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{logout}{name_id_format}<md:SingleSignOn{sign_on}"
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    ).encode()


def response(
    *,
    base: str,
    person: Person,
    audience: str,
    consumer: str,
    in_response_to: str,
    now: float,
    key: rsa.RSAPrivateKey,
    certificate: x509.Certificate,
) -> bytes:
    """A response for a person, of which assertion and whole are signed. Times in seconds since the epoch."""
    begins, ends, issuer = _time(now - 5), _time(now + _SECONDS), escape(f"{base}/metadata")
    answered = f" InResponseTo={quoteattr(in_response_to)}" if in_response_to else ""
    said = {
        "emailaddress": person.email,
        "givenname": person.given_name,
        "surname": person.family_name,
        "name": person.name,
    }
    attributes = "".join(
        f'<saml:Attribute Name="{_CLAIMS}{name}"><saml:AttributeValue>{escape(value)}</saml:AttributeValue>'
        "</saml:Attribute>"
        for name, value in said.items()
        if value
    )
    document = (
        f'<samlp:Response xmlns:samlp="{_NAMESPACES["samlp"]}" xmlns:saml="{_NAMESPACES["saml"]}" ID="_{_id()}"'
        f' Version="2.0" IssueInstant="{_time(now)}" Destination={quoteattr(consumer)}{answered}>'
        f"<saml:Issuer>{issuer}</saml:Issuer><samlp:Status>"
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f'<saml:Assertion ID="_{_id()}" Version="2.0" IssueInstant="{_time(now)}"><saml:Issuer>{issuer}</saml:Issuer>'
        '<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'
        f"{person.number('saml')}</saml:NameID>"
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient={quoteattr(consumer)}{answered}/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
        f"<saml:Audience>{escape(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{_time(now)}" SessionIndex="_{_id()}"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
        f"</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
        "</saml:Assertion></samlp:Response>"
    )
    root = etree.fromstring(document)
    assertion = root.find("saml:Assertion", _NAMESPACES)
    assert assertion is not None  # noqa: S101 (it is in the text above)
    root.replace(assertion, _sign(assertion, key, certificate))
    return etree.tostring(_sign(root, key, certificate))


def logout_response(base: str, place: str, in_response_to: str, now: float) -> bytes:
    """A LogoutResponse that says that all went well; its signature travels beside it."""
    return (
        f'<samlp:LogoutResponse xmlns:samlp="{_NAMESPACES["samlp"]}" xmlns:saml="{_NAMESPACES["saml"]}"'
        f' ID="_{_id()}" Version="2.0" IssueInstant="{_time(now)}" Destination={quoteattr(place)}'
        f" InResponseTo={quoteattr(in_response_to)}><saml:Issuer>{escape(f'{base}/metadata')}</saml:Issuer>"
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        "</samlp:LogoutResponse>"
    ).encode()


def _sign(element: etree._Element, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> etree._Element:
    """The element with its signature behind the Issuer, where the schema wants it."""
    signer = XMLSigner(
        methods.enveloped,
        SignatureMethod.RSA_SHA256,
        DigestAlgorithm.SHA256,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(element, key=key, cert=[certificate], reference_uri=element.get("ID"))
    made = signed.find("ds:Signature", _NAMESPACES)
    assert made is not None  # noqa: S101 (it was made in the line above)
    signed.remove(made)
    signed.insert(1, made)
    return signed


def _time(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _id() -> str:
    return secrets.token_hex(16)
