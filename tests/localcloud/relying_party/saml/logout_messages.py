"""A provider's messages about signing out, in a form or a query, good ones and any others."""

from __future__ import annotations

import base64
import zlib
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import NAMESPACES, SUCCESS, time_at
from tests.localcloud.federation.stand_in import RSA, PrivateKey, signature
from tests.localcloud.relying_party.saml.trip import STATE

HERE = "http://127.0.0.1:4566/_aws/auth/shop/saml2/logout"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def message(kind: str, inside: str = "", **changes: Any) -> etree._Element:
    """A message of the provider, not signed yet."""
    usual = {"ID": "_message", "Version": "2.0", "IssueInstant": time_at(NOW), "Destination": HERE}
    wanted = {name: value for name, value in {**usual, **changes}.items() if value is not None}
    issuer = wanted.pop("issuer", saml_signer.ENTITY)
    attributes = " ".join(f'{name}="{value}"' for name, value in wanted.items())
    return etree.fromstring(
        f'<samlp:{kind} xmlns:samlp="{NAMESPACES["samlp"]}" xmlns:saml="{NAMESPACES["saml"]}" {attributes}>'
        f"<saml:Issuer>{issuer}</saml:Issuer>{inside}</samlp:{kind}>"
    )


def answer(status: str = SUCCESS, **changes: Any) -> etree._Element:
    """The provider's answer that somebody is signed out."""
    code = f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>'
    return message("LogoutResponse", code, **{"InResponseTo": "_request", **changes})


def request(indexes: tuple[str, ...] = (), subject: str = "user-ada", **changes: Any) -> etree._Element:
    """The provider's own request to sign somebody out."""
    listed = "".join(f"<samlp:SessionIndex>{index}</samlp:SessionIndex>" for index in indexes)
    return message("LogoutRequest", f"<saml:NameID>{subject}</saml:NameID>{listed}", **changes)


def query(
    found: etree._Element,
    parameter: str = "SAMLResponse",
    *,
    key: PrivateKey = RSA,
    alg: str = "",
    relay_state: str = STATE,
) -> str:
    """A message as a provider redirects with it."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(etree.tostring(found)) + packer.flush()
    algorithm = alg or RSA_SHA256
    text = urlencode({parameter: base64.b64encode(packed).decode(), "RelayState": relay_state, "SigAlg": algorithm})
    made = signature(key, "RS256", text.encode())
    return f"{text}&{urlencode({'Signature': base64.b64encode(made).decode()})}"
