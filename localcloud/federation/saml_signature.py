"""The one assertion of a SAML response, exactly as the identity provider signed it.

Attack: signature wrapping. A signed assertion is kept somewhere in the response, where the check finds it, and another
one stands where the reader looks. Here one assertion is all that a response may have, signatures may stand in two
places only, and what is read is what the verification gives back, never the document that it was found in.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from localcloud.federation import saml_encryption, saml_xml
from localcloud.federation.errors import TokenError

BAD_SIGNATURE = "Response signature invalid"
UNREADABLE = "The encrypted assertion cannot be read, or its signature is invalid"

_METHODS = frozenset(SignatureMethod[f"{kind}_SHA{size}"] for kind in ("RSA", "ECDSA") for size in (256, 384, 512))
"""Attack: SHA-1, for which two documents of one signature can be made."""

_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_TRANSFORMS = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}
_ASSERTION, _ENCRYPTED = "saml:Assertion", "saml:EncryptedAssertion"


class SignatureError(TokenError):
    """No certificate at hand made the signature: perhaps one did that the provider has published since."""

    def __init__(self, message: str = BAD_SIGNATURE) -> None:
        super().__init__(message)


def signed_assertion(
    response: etree._Element, certificates: Sequence[x509.Certificate], key: rsa.RSAPrivateKey | None = None
) -> tuple[etree._Element, etree._Element]:
    """A `samlp:Response`, and the assertion in it that is signed, or stands in a signed response. Raises TokenError.

    With a key the assertion has to be encrypted for it, and without one it must not be.
    """
    found = _only_assertion(response, _ENCRYPTED if key else _ASSERTION)
    may_be_signed = (response,) if key else (response, found)
    # Each may be signed, once; a signature that nobody would look at makes the whole a riddle.
    if len(_signatures(response)) != sum(map(_is_signed, may_be_signed)):
        raise SignatureError
    # If both are, then both have to hold, and the assertion's own is the one that is read.
    whole = _verify(response, "./", response, certificates) if _is_signed(response) else None
    read = response if whole is None else whole
    if key:
        return read, _opened(_only_assertion(read, _ENCRYPTED), certificates, key, is_signed=whole is not None)
    if _is_signed(found):
        return read, _verify(response, f"./{_ASSERTION}/", found, certificates)
    if whole is None:
        raise SignatureError
    return whole, _only_assertion(whole, _ASSERTION)


def signed_root(root: etree._Element, certificates: Sequence[x509.Certificate]) -> etree._Element:
    """A message that is signed itself, as it was signed. Raises SignatureError."""
    if len(_signatures(root)) != 1:
        raise SignatureError
    return _verify(root, "./", root, certificates)


def _opened(
    encrypted: etree._Element, certificates: Sequence[x509.Certificate], key: rsa.RSAPrivateKey, *, is_signed: bool
) -> etree._Element:
    """The assertion in an encrypted one, which has to be signed where the response around it is not."""
    try:
        assertion = saml_encryption.decrypt(encrypted, key)
        if assertion.tag != saml_xml.name(_ASSERTION) or len(_assertions(assertion)) != 1:
            raise SignatureError
        if is_signed and not _signatures(assertion):
            return assertion
        return signed_root(assertion, certificates)
    except (ValueError, SignatureError):
        # Attack: the padding oracle of `saml_encryption`. Altered, forged or for another key: it is all the same.
        raise SignatureError(UNREADABLE) from None


def _only_assertion(response: etree._Element, wanted: str) -> etree._Element:
    everywhere = _assertions(response)
    if len(everywhere) != 1 or everywhere != saml_xml.children(response, wanted):
        how = "encrypted" if wanted == _ENCRYPTED else "not encrypted"
        raise TokenError(f"The response has to have exactly one assertion, and that {how}")
    return everywhere[0]


def _assertions(element: etree._Element) -> list[etree._Element]:
    return list(element.iter(saml_xml.name(_ASSERTION), saml_xml.name(_ENCRYPTED)))


def _signatures(element: etree._Element) -> list[etree._Element]:
    return list(element.iter(saml_xml.name("ds:Signature")))


def _is_signed(element: etree._Element) -> bool:
    return bool(saml_xml.children(element, "ds:Signature"))


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
    raise SignatureError


def _check_reference(element: etree._Element) -> None:
    """A signature signs the element that it stands in, whole. Attack: a reference to something else that is signed."""
    signed_info = "ds:Signature/ds:SignedInfo"
    references = saml_xml.children(element, f"{signed_info}/ds:Reference")
    transforms = saml_xml.children(element, f"{signed_info}/ds:Reference/ds:Transforms/ds:Transform")
    identifier = element.get("ID")
    if len(references) != 1 or not identifier or references[0].get("URI") != f"#{identifier}":
        raise SignatureError
    if {transform.get("Algorithm") for transform in transforms} != _TRANSFORMS:
        raise SignatureError
