"""Messages about signing out that a provider sends through the browser: in a query or a form, and signed either way.

Source: SAML 2.0 bindings, sections 3.4.4.1 and 3.5.4.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cryptography import x509
from lxml import etree

from localcloud.federation import saml_signature, saml_xml
from localcloud.federation.errors import TokenError
from localcloud.federation.saml_response import MAX_LENGTH
from localcloud.federation.saml_signature import SignatureError
from localcloud.federation.signatures import PublicKey, SigningKey, algorithms_of

_ALGORITHMS: Mapping[str, str] = {
    f"http://www.w3.org/2001/04/xmldsig-more#{kind}-sha{size}": f"{short}{size}"
    for kind, short in (("rsa", "RS"), ("ecdsa", "ES"))
    for size in (256, 384, 512)
}
"""`SigAlg` → JOSE's name of it. Attack: SHA-1, for which two documents of one signature can be made."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came. `signed` is the query that its signature is over; of a form, the signature is inside."""

    root: etree._Element
    relay_state: str
    signed: bytes = b""
    algorithm: str = ""
    signature: bytes = b""

    @property
    def issuer(self) -> str:
        """Who it says has sent it: good for choosing the key to check it with, and nothing else."""
        return "".join(saml_xml.texts(saml_xml.children(self.root, "saml:Issuer")))

    def verified(self, certificates: Sequence[x509.Certificate]) -> etree._Element:
        """The message, as one of the certificates signed it. Raises SignatureError."""
        if not self.signed:
            return saml_signature.signed_root(self.root, certificates)
        # Attack: a riddle. Which of two signatures counts, the query's or one in the message?
        if next(self.root.iter(saml_xml.name("ds:Signature")), None) is not None:
            raise SignatureError
        for certificate in certificates:
            key = certificate.public_key()
            if isinstance(key, PublicKey):
                try:
                    SigningKey(key, algorithms_of(key)).verify(self.algorithm, self.signed, self.signature)
                except TokenError:
                    continue
                return self.root
        raise SignatureError


def from_form(form: Mapping[str, str], parameter: str) -> Received:
    """The message in a form. Raises TokenError."""
    try:
        return Received(saml_xml.parse(_decode(form.get(parameter, ""))), form.get("RelayState", ""))
    except ValueError as error:
        raise TokenError(f"{parameter} cannot be read: {error}") from error


def from_query(raw_query: str, parameter: str) -> Received:
    """The message in a query, which is signed as it stands there. Raises TokenError."""
    raw = dict(part.partition("=")[::2] for part in raw_query.split("&"))
    given = {name: unquote_plus(value) for name, value in raw.items()}
    signed = "&".join(f"{name}={raw[name]}" for name in (parameter, "RelayState", "SigAlg") if name in raw)
    # Attack: a message in a query whose signature nobody would look for.
    if not given.get("Signature"):
        raise SignatureError
    try:
        return Received(
            root=saml_xml.parse(_inflate(_decode(given.get(parameter, "")))),
            relay_state=given.get("RelayState", ""),
            signed=signed.encode(),
            algorithm=_ALGORITHMS.get(given.get("SigAlg", ""), ""),
            signature=_decode(given["Signature"]),
        )
    except (ValueError, zlib.error) as error:
        raise TokenError(f"{parameter} cannot be read: {error}") from error


def _decode(text: str) -> bytes:
    # Attack: a document so large that reading it is the damage.
    if len(text) > MAX_LENGTH:
        raise ValueError("it is too long")
    return base64.b64decode("".join(text.split()), validate=True)


def _inflate(packed: bytes) -> bytes:
    """Attack: a short text that unpacks to gigabytes."""
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    text = unpacker.decompress(packed, MAX_LENGTH)
    if not unpacker.eof:
        raise ValueError("it is too long, or cut off")
    return text
