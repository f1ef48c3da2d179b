"""The metadata of a pool as service provider: what the administrator of a SAML provider asks for.

Source: SAML 2.0 metadata, section 2.4.4.
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from localcloud.federation import saml_xml
from localcloud.federation.saml_metadata import POST, REDIRECT
from localcloud.relying_party.models import Asked
from localcloud.relying_party.saml import own_key

_PREFIXES = {prefix: saml_xml.NAMESPACES[prefix] for prefix in ("md", "ds")}


def write(asked: Asked, logout_address: str) -> bytes:
    """An EntityDescriptor with the pool's certificate, its assertion consumer and its logout address."""
    certificate = own_key.load(asked.signing_key).certificate.public_bytes(Encoding.DER)
    root = etree.Element(saml_xml.name("md:EntityDescriptor"), nsmap=_PREFIXES, entityID=asked.entity_id)
    protocol = saml_xml.NAMESPACES["samlp"]
    role = _child(root, "SPSSODescriptor", protocolSupportEnumeration=protocol, WantAssertionsSigned="true")
    for use in ("signing", "encryption"):
        info = etree.SubElement(_child(role, "KeyDescriptor", use=use), saml_xml.name("ds:KeyInfo"))
        data = etree.SubElement(info, saml_xml.name("ds:X509Data"))
        etree.SubElement(data, saml_xml.name("ds:X509Certificate")).text = base64.b64encode(certificate).decode()
    for binding in (POST, REDIRECT):
        _child(role, "SingleLogoutService", Binding=binding, Location=logout_address)
    _child(role, "AssertionConsumerService", Binding=POST, Location=asked.callback, index="0", isDefault="true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _child(parent: etree._Element, local: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, saml_xml.name(f"md:{local}"), attributes)
