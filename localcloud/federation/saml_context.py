"""The condition keys of a SAML assertion.

Source: IAM user guide, "Available keys for SAML-based AWS STS federation" and "Mapping SAML attributes to AWS trust
policy context keys".
"""

from __future__ import annotations

import base64
import hashlib

from localcloud.federation.models import SamlProvider
from localcloud.federation.saml_assertion import Assertion

SESSION_KEYS = ("SAML:namequalifier", "SAML:sub", "SAML:sub_type")
"""The keys that later requests of the session have (rule 50). Source: service authorization reference, list_sts."""

_FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_EDU_PERSON, _EDU_ORG = "urn:oid:1.3.6.1.4.1.5923.1.1.1.", "urn:oid:1.3.6.1.4.1.5923.1.2.1."
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

_LISTS = {
    f"{_EDU_PERSON}1": "eduPersonAffiliation",
    f"{_EDU_PERSON}2": "eduPersonNickname",
    f"{_EDU_PERSON}4": "eduPersonOrgUnitDN",
    f"{_EDU_PERSON}7": "eduPersonEntitlement",
    f"{_EDU_PERSON}9": "eduPersonScopedAffiliation",
    f"{_EDU_PERSON}10": "eduPersonTargetedID",
    f"{_EDU_PERSON}11": "eduPersonAssurance",
    f"{_EDU_ORG}2": "eduOrgHomePageURI",
    f"{_EDU_ORG}3": "eduOrgIdentityAuthNPolicyURI",
    f"{_EDU_ORG}4": "eduOrgLegalName",
    f"{_EDU_ORG}5": "eduOrgSuperiorURI",
    f"{_EDU_ORG}6": "eduOrgWhitePagesURI",
    "urn:oid:2.5.4.3": "cn",
}
"""Keys that are tested with a set operator, whether there is one value or several."""

_TEXTS = {
    f"{_EDU_PERSON}3": "eduPersonOrgDN",
    f"{_EDU_PERSON}5": "eduPersonPrimaryAffiliation",
    f"{_EDU_PERSON}6": "eduPersonPrincipalName",
    f"{_EDU_PERSON}8": "eduPersonPrimaryOrgUnitDN",
    f"{_CLAIMS}name": "name",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonName",
    f"{_CLAIMS}givenname": "givenName",
    f"{_CLAIMS}surname": "surname",
    f"{_CLAIMS}emailaddress": "mail",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "uid",
    "2.5.4.3": "commonName",
    "2.5.4.4": "surname",
    "2.4.5.42": "givenName",
    "2.5.4.45": "x500UniqueIdentifier",
    "0.9.2342.19200300100.1.1": "uid",
    "0.9.2342.19200300100.1.3": "mail",
    "0.9.2342.19200300.100.1.45": "organizationStatus",
}


def condition_keys(provider: SamlProvider, assertion: Assertion) -> dict[str, str | list[str]]:
    """The keys of the trust decision. `SAML:aud` is the recipient, never the `Audience`."""
    keys: dict[str, str | list[str]] = {}
    for name, values in assertion.attributes.items():
        if values and name in _LISTS:
            keys.setdefault(f"SAML:{_LISTS[name]}", list(values))
        elif name in _TEXTS and len(values) == 1:
            # Two attributes for one key: only one is mapped. Several values of a key that has one: none.
            keys.setdefault(f"SAML:{_TEXTS[name]}", values[0])
    return {
        **keys,
        "SAML:aud": assertion.recipient,
        "SAML:iss": assertion.issuer,
        "SAML:sub": assertion.subject,
        "SAML:sub_type": subject_type(assertion),
        "SAML:namequalifier": name_qualifier(provider, assertion),
        "SAML:doc": provider.doc,
    }


def subject_type(assertion: Assertion) -> str:
    """`persistent`, `transient` and the like; a format of another origin in full."""
    return assertion.subject_format.removeprefix(_FORMATS)


def name_qualifier(provider: SamlProvider, assertion: Assertion) -> str:
    """What tells equal subjects of different providers apart. Source: STS API reference, AssumeRoleWithSAML."""
    # AWS's own choice of digest, for a name and not for a proof.
    digest = hashlib.sha1(f"{assertion.issuer}{provider.doc}".encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()
