"""The messages that a pool sends to a provider, as XML. Source: SAML 2.0 core, sections 3.4 and 3.7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from localcloud.context import Cloud
from localcloud.federation import saml_xml
from localcloud.federation.saml_metadata import POST
from localcloud.relying_party.models import Asked
from localcloud.relying_party.saml.sessions import ProviderSession

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"

_PREFIXES = {prefix: saml_xml.NAMESPACES[prefix] for prefix in ("saml", "samlp")}


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its id; `address` is where it goes."""

    id: str
    address: str
    root: etree._Element


def authn_request(cloud: Cloud, asked: Asked, address: str) -> Message:
    """A request to sign somebody in. Like Cognito's own it asks for no format of NameID: the provider has one."""
    message = _message(cloud, asked, "samlp:AuthnRequest", address)
    message.root.set("AssertionConsumerServiceURL", asked.callback)
    message.root.set("ProtocolBinding", POST)
    if "login" in asked.prompt.split():
        message.root.set("ForceAuthn", "true")
    return message


def logout_request(cloud: Cloud, asked: Asked, address: str, session: ProviderSession) -> Message:
    """A request to end a session that the provider has begun."""
    message = _message(cloud, asked, "samlp:LogoutRequest", address)
    name_id = _child(message.root, "saml:NameID", session.subject)
    for name, value in {"Format": session.format, **session.qualifiers}.items():
        name_id.set(name, value)
    if session.index:
        _child(message.root, "samlp:SessionIndex", session.index)
    return message


def logout_response(cloud: Cloud, asked: Asked, address: str, request_id: str) -> Message:
    """The answer that somebody has been signed out."""
    message = _message(cloud, asked, "samlp:LogoutResponse", address)
    message.root.set("InResponseTo", request_id)
    _child(_child(message.root, "samlp:Status"), "samlp:StatusCode").set("Value", SUCCESS)
    return message


def _message(cloud: Cloud, asked: Asked, kind: str, address: str) -> Message:
    # An id is an xs:ID, which no digit may begin.
    identifier = f"_{cloud.random(20).hex()}"
    root = etree.Element(saml_xml.name(kind), nsmap=_PREFIXES)
    root.set("ID", identifier)
    root.set("Version", "2.0")
    root.set("IssueInstant", datetime.fromtimestamp(cloud.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    root.set("Destination", address)
    _child(root, "saml:Issuer", asked.entity_id)
    return Message(identifier, address, root)


def _child(parent: etree._Element, kind: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, saml_xml.name(kind))
    element.text = text
    return element
