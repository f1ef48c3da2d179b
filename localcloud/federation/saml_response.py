"""A SAML response as it comes: base64 of a signed `samlp:Response`. Imports lxml and signxml.

Rules: SAML 2.0 core and profiles; IAM user guide, "Configure SAML assertions for the authentication response".
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from localcloud.federation import saml_signature, saml_xml
from localcloud.federation.errors import RejectedError, TokenError
from localcloud.federation.saml_assertion import Assertion

MAX_LENGTH = 100_000
"""Characters; what STS takes."""

INVALID = "Invalid SAML response"

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_QUALIFIERS = ("NameQualifier", "SPNameQualifier")
_KNOWN_CONDITIONS = {
    saml_xml.name(f"saml:{kind}") for kind in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")
}


def read(response: str, certificates: Sequence[x509.Certificate], key: rsa.RSAPrivateKey | None = None) -> Assertion:
    """The assertion in a response that one of the certificates signed; for whom and when is not checked yet.

    With a key it has to be encrypted for it, and without one it must not be. Raises TokenError.
    """
    # Attack: a document so large that reading it is the damage.
    if len(response) > MAX_LENGTH:
        raise TokenError(INVALID)
    try:
        root = saml_xml.parse(base64.b64decode("".join(response.split()), validate=True))
        if root.tag != saml_xml.name("samlp:Response"):
            raise TokenError(INVALID)
        _check_status(root)
        return _read(*saml_signature.signed_assertion(root, certificates, key))
    except ValueError as error:
        raise TokenError(f"{INVALID}: {error}" if str(error) else INVALID) from error


def _check_status(root: etree._Element) -> None:
    code = saml_xml.child(root, "samlp:Status/samlp:StatusCode")
    if code is None or code.get("Value") != _SUCCESS:
        raise RejectedError("The identity provider reports that authentication has failed.")


def _read(response: etree._Element, assertion: etree._Element) -> Assertion:
    conditions, subject = _required(assertion, "saml:Conditions"), _required(assertion, "saml:Subject")
    confirmation = _required(subject, "saml:SubjectConfirmation")
    data = _required(confirmation, "saml:SubjectConfirmationData")
    name_id = _required(subject, "saml:NameID")
    ends = [saml_xml.time_of(data, "NotOnOrAfter"), saml_xml.time_of(conditions, "NotOnOrAfter")]
    # Attack: a confirmation without an end, that is good for ever; or one that asks for more than to be presented.
    if confirmation.get("Method") != _BEARER or ends[0] is None:
        raise ValueError("the subject has to be confirmed as a bearer, with an end")
    # A condition that is not understood is not met (SAML core, section 2.5.1.1).
    if any(condition.tag not in _KNOWN_CONDITIONS for condition in conditions):
        raise ValueError("an unknown condition")
    ends_of_session, index = _session(assertion)
    return Assertion(
        id=assertion.get("ID", ""),
        issuer=saml_xml.text(_required(assertion, "saml:Issuer")),
        subject=_filled(name_id),
        subject_format=name_id.get("Format", _UNSPECIFIED),
        qualifiers={name: value for name in _QUALIFIERS if (value := name_id.get(name)) is not None},
        recipient=data.get("Recipient", ""),
        answers=(data.get("InResponseTo", ""), response.get("InResponseTo", "")),
        destination=response.get("Destination", ""),
        audiences=tuple(
            saml_xml.texts(saml_xml.children(restriction, "saml:Audience"))
            for restriction in saml_xml.children(conditions, "saml:AudienceRestriction")
        ),
        issued=_issued(assertion),
        begins=_latest(saml_xml.time_of(element, "NotBefore") for element in (data, conditions)),
        ends=min(end for end in ends if end is not None),
        session_ends=ends_of_session,
        session_index=index,
        attributes=_attributes(assertion),
    )


def _attributes(assertion: etree._Element) -> dict[str, tuple[str, ...]]:
    """Attributes by name. Raises ValueError for one that stands twice: which of them would count?"""
    found: dict[str, tuple[str, ...]] = {}
    for attribute in saml_xml.children(assertion, "saml:AttributeStatement/saml:Attribute"):
        name = attribute.get("Name") or ""
        if not name or name in found:
            raise ValueError("an attribute without a name, or twice")
        found[name] = saml_xml.texts(saml_xml.children(attribute, "saml:AttributeValue"))
    return found


def _issued(assertion: etree._Element) -> float:
    issued = saml_xml.time_of(assertion, "IssueInstant")
    if issued is None:
        raise ValueError("no IssueInstant")
    return issued


def _session(assertion: etree._Element) -> tuple[float | None, str]:
    """When the session at the provider ends, and its index there."""
    statements = saml_xml.children(assertion, "saml:AuthnStatement")
    # Attack: an assertion about somebody (an attribute query's answer) that is no proof that anybody has signed in.
    if not statements:
        raise ValueError("no AuthnStatement")
    ends = [end for element in statements if (end := saml_xml.time_of(element, "SessionNotOnOrAfter")) is not None]
    return min(ends, default=None), statements[0].get("SessionIndex", "")


def _latest(times: Iterable[float | None]) -> float | None:
    return max((time for time in times if time is not None), default=None)


def _required(element: etree._Element, path: str) -> etree._Element:
    found = saml_xml.child(element, path)
    if found is None:
        raise ValueError(f"no {path}")
    return found


def _filled(name_id: etree._Element) -> str:
    value = saml_xml.text(name_id)
    if not value or len(name_id):
        raise ValueError("no saml:NameID")
    return value
