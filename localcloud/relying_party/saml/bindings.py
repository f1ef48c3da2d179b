"""How a message gets to a provider through the browser: in a redirect, or in a form that the browser posts.

Source: SAML 2.0 bindings, sections 3.4 (HTTP-Redirect) and 3.5 (HTTP-POST).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from signxml import methods
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from localcloud.federation import saml_xml
from localcloud.federation.saml_metadata import REDIRECT
from localcloud.relying_party.saml.messages import Message
from localcloud.relying_party.saml.own_key import OwnKey

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

Sent: TypeAlias = tuple[str, Mapping[str, str]]
"""A URL, and the fields of the form that is posted there; none of them for a redirect."""


def send(message: Message, binding: str, parameter: str, relay_state: str, key: OwnKey | None) -> Sent:
    """A message as `SAMLRequest` or `SAMLResponse`, signed where there is a key."""
    if binding == REDIRECT:
        return _redirect(message, parameter, relay_state, key), {}
    root = message.root if key is None else _signed(message.root, key)
    fields = {parameter: base64.b64encode(etree.tostring(root)).decode(), "RelayState": relay_state}
    return message.address, {name: value for name, value in fields.items() if value}


def _redirect(message: Message, parameter: str, relay_state: str, key: OwnKey | None) -> str:
    """The URL. The signature is over the query as it stands there, and the message itself has none."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(etree.tostring(message.root)) + packer.flush()
    query = {parameter: base64.b64encode(packed).decode(), "RelayState": relay_state}
    text = urlencode({name: value for name, value in query.items() if value})
    if key is not None:
        text += f"&{urlencode({'SigAlg': RSA_SHA256})}"
        signature = key.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        text += f"&{urlencode({'Signature': base64.b64encode(signature).decode()})}"
    return f"{message.address}{'&' if '?' in message.address else '?'}{text}"


def _signed(root: etree._Element, key: OwnKey) -> etree._Element:
    """The message with its signature behind the issuer, where the schema wants it."""
    signer = XMLSigner(methods.enveloped, c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    signed = signer.sign(root, key=key.private, cert=[key.certificate], reference_uri=root.get("ID"))
    signature = saml_xml.children(signed, "ds:Signature")[0]
    signed.remove(signature)
    signed.insert(1, signature)
    return signed
