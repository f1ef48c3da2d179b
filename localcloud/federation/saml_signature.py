"""The one assertion of a SAML response, exactly as the identity provider signed it.

Attack: signature wrapping. A signed assertion is kept somewhere in the response, where the check finds it, and another
one stands where the reader looks. Here one assertion is all that a response may have, signatures may stand in two
places only, and what is read is what the verification gives back, never the document that it was found in.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from localcloud.federation import saml_xml
from localcloud.federation.errors import TokenError

BAD_SIGNATURE = "Response signature invalid"

_METHODS = frozenset(SignatureMethod[f"{kind}_SHA{size}"] for kind in ("RSA", "ECDSA") for size in (256, 384, 512))
"""Attack: SHA-1, for which two documents of one signature can be made."""

_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}
_ASSERTION = "saml:Assertion"


def signed_assertion(response: etree._Element, certificates: Sequence[x509.Certificate]) -> etree._Element:
    """The assertion of a `samlp:Response` that is signed, or stands in a signed response. Raises TokenError."""
    assertion = _only_assertion(response)
    places = [("./", response), ("./saml:Assertion/", assertion)]
    signed = [(path, element) for path, element in places if saml_xml.children(element, "ds:Signature")]
    everywhere = list(response.iter(saml_xml.name("ds:Signature")))
    # Each of both may be signed, once; a signature that nobody would look at makes the whole a riddle.
    if not signed or len(everywhere) != len(signed):
        raise TokenError(BAD_SIGNATURE)
    # If both are, then both have to hold, and the assertion's own is the one that is read.
    read = [_verify(response, path, element, certificates) for path, element in signed][-1]
    return read if read.tag == saml_xml.name(_ASSERTION) else _only_assertion(read)


def _only_assertion(response: etree._Element) -> etree._Element:
    everywhere = list(response.iter(saml_xml.name(_ASSERTION)))
    children = saml_xml.children(response, _ASSERTION)
    if len(everywhere) != 1 or children != everywhere:
        raise TokenError("The response has to have exactly one assertion, and that not encrypted")
    return children[0]


def _verify(
    response: etree._Element, path: str, element: etree._Element, certificates: Sequence[x509.Certificate]
) -> etree._Element:
    """The element as it was signed by one of the certificates."""
    _check_reference(element)
    location = path.replace("saml:Assertion", saml_xml.name(_ASSERTION))
    for certificate in certificates:
        expected = SignatureConfiguration(
            location=location,
            signature_methods=_METHODS,
            digest_algorithms=_DIGESTS,
            # Metadata names keys; whether their certificates have expired is not looked at.
            verification_time=certificate.not_valid_before_utc,
        )
        try:
            result = XMLVerifier().verify(response, x509_cert=certificate, expect_config=expected)
        except Exception:  # noqa: S112 (signxml, lxml and cryptography raise many kinds; each of them means no)
            continue
        if not isinstance(result, list) and result.signed_xml is not None and result.signed_xml.tag == element.tag:
            return result.signed_xml
    raise TokenError(BAD_SIGNATURE)


def _check_reference(element: etree._Element) -> None:
    """A signature signs the element that it stands in, whole. Attack: a reference to something else that is signed."""
    signed_info = "ds:Signature/ds:SignedInfo"
    references = saml_xml.children(element, f"{signed_info}/ds:Reference")
    transforms = saml_xml.children(element, f"{signed_info}/ds:Reference/ds:Transforms/ds:Transform")
    identifier = element.get("ID")
    if len(references) != 1 or not identifier or references[0].get("URI") != f"#{identifier}":
        raise TokenError(BAD_SIGNATURE)
    if {transform.get("Algorithm") for transform in transforms} != _TRANSFORMS:
        raise TokenError(BAD_SIGNATURE)
