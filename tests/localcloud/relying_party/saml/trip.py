"""A browser's way to a SAML provider and back, of which a test may spoil whatever it likes."""

from __future__ import annotations

import base64
import datetime
import functools
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from localcloud.context import Cloud
from localcloud.federation.errors import FederationError
from localcloud.federation.saml_metadata import REDIRECT
from localcloud.relying_party.models import Arrival, Asked, Departure
from localcloud.relying_party.providers import saml
from localcloud.relying_party.saml import own_key
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import encoded, metadata, time_at

POOL = "us-east-1_site"
ENTITY = f"urn:amazon:cognito:sp:{POOL}"
CALLBACK = "http://127.0.0.1:4566/_aws/auth/shop/saml2/idpresponse"
STATE = "0a1b2c"
SSO, SLO = "https://idp.example.com/sso", "https://idp.example.com/slo"
ATTRIBUTES = {"email": ["ada@example.com"], "groups": ["staff", "admins"]}
INVALID = "Invalid SAML response received: "


@functools.cache
def pool_key() -> str:
    """The pool's own key and certificate, made once for all tests."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, POOL)])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), 7, begin, begin.replace(year=2060))
    pem = serialization.Encoding.PEM
    key = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (key + builder.sign(private, hashes.SHA256()).public_bytes(pem)).decode()


def pool_certificate() -> x509.Certificate:
    """What a provider has of it."""
    return own_key.load(pool_key()).certificate


def logout_service(binding: str = REDIRECT, more: str = "") -> str:
    """What metadata says of a provider that takes part in single logout."""
    return f'<md:SingleLogoutService Binding="{binding}" Location="{SLO}" {more}/>'


@dataclass
class Trip:
    """One sign-in. `details` are the provider's settings; `request_id` is of the request that was sent."""

    cloud: Cloud
    details: dict[str, str] = field(default_factory=lambda: {"MetadataFile": metadata()})
    request_id: str = "_request"
    prompt: str = ""

    @property
    def asked(self) -> Asked:
        return Asked("Example", self.details, CALLBACK, entity_id=ENTITY, signing_key=pool_key(), prompt=self.prompt)

    def begin(self) -> Departure:
        departure = saml.begin(self.cloud, self.asked, STATE)
        self.request_id = departure.secrets["request_id"]
        return departure

    def response(self, said: Mapping[str, Sequence[str]] | None = None, **changes: Any) -> etree._Element:
        """An unsigned response to the request. `answers` and `outer_answers` are the ids it answers."""
        answers = changes.pop("answers", self.request_id)
        outer = changes.pop("outer_answers", answers)
        until = changes.pop("until", time_at(self.cloud.clock.now() + 300))
        usual = {
            "recipient": CALLBACK,
            "audience": audience(ENTITY),
            "confirmed_until": f'NotOnOrAfter="{until}"' + (f' InResponseTo="{answers}"' if answers else ""),
            "authn": f'<saml:AuthnStatement AuthnInstant="{time_at(NOW)}" SessionIndex="_session"/>',
        }
        made = saml_signer.response(
            self.cloud.clock.now(), ATTRIBUTES if said is None else said, **{**usual, **changes}
        )
        if outer:
            made.set("InResponseTo", outer)
        made.set("Destination", CALLBACK)
        return made

    def signed(self, said: Mapping[str, Sequence[str]] | None = None, **changes: Any) -> etree._Element:
        """A response whose assertion is signed."""
        return saml_signer.with_signed_assertion(self.response(said, **changes))

    def finish(self, found: etree._Element | bytes | str, request_id: str | None = None) -> Arrival:
        """Who comes with this response."""
        text = found if isinstance(found, str) else encoded(found)
        known = self.request_id if request_id is None else request_id
        secrets = {"request_id": known} if known else {}
        return saml.finish(self.cloud, self.asked, secrets, {"SAMLResponse": text, "RelayState": STATE})

    def refusal(self, found: etree._Element | bytes | str, request_id: str | None = None) -> str:
        """Why nobody does; nothing of what it says is in the reason."""
        with pytest.raises(FederationError) as caught:
            self.finish(found, request_id)
        assert "user-ada" not in str(caught.value)
        assert "ada@" not in str(caught.value)
        return str(caught.value)


def audience(name: str) -> str:
    """A restriction to one service."""
    return f"<saml:AudienceRestriction><saml:Audience>{name}</saml:Audience></saml:AudienceRestriction>"


def sent(url: str) -> tuple[etree._Element, dict[str, str]]:
    """The message in a redirect, and the parameters it came with."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}
    packed = query.get("SAMLRequest") or query["SAMLResponse"]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15)), query


def attributes(element: etree._Element) -> dict[str, str]:
    """The attributes of an element."""
    return {name: element.get(name, "") for name in map(str, element.keys())}
