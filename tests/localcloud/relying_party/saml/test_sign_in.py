"""A sign-in at a SAML provider: the request that leaves, and who comes back with a good response."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from signxml.verifier import XMLVerifier

from localcloud.federation.errors import FederationError
from localcloud.federation.saml_metadata import POST, REDIRECT
from localcloud.relying_party.saml import own_key, service_metadata
from localcloud.relying_party.saml.sessions import ProviderSession
from tests.localcloud.federation.saml_signer import NAMESPACES, metadata, sign
from tests.localcloud.relying_party.saml.trip import (
    CALLBACK,
    ENTITY,
    INVALID,
    SSO,
    STATE,
    Trip,
    attributes,
    pool_certificate,
    pool_key,
    sent,
)


def test_the_request_says_who_asks_and_where_the_answer_goes(trip: Trip) -> None:
    departure = trip.begin()
    request, query = sent(departure.url)
    assert departure.url.startswith(f"{SSO}?")
    assert not departure.form
    assert query.keys() == {"SAMLRequest", "RelayState"}
    assert query["RelayState"] == STATE
    assert request.tag == f"{{{NAMESPACES['samlp']}}}AuthnRequest"
    assert attributes(request) == {
        "ID": departure.secrets["request_id"],
        "Version": "2.0",
        "IssueInstant": "2027-01-15T08:00:00Z",
        "Destination": SSO,
        "AssertionConsumerServiceURL": CALLBACK,
        "ProtocolBinding": POST,
    }
    assert [child.text for child in request] == [ENTITY]


def test_each_request_has_an_id_of_its_own(trip: Trip) -> None:
    assert trip.begin().secrets != trip.begin().secrets


@pytest.mark.parametrize(("prompt", "forced"), [("login consent", "true"), ("select_account", None), ("", None)])
def test_who_has_to_sign_in_anew_is_asked_to(trip: Trip, prompt: str, forced: str | None) -> None:
    """SAML has a word for `login` only."""
    trip.prompt = prompt
    assert sent(trip.begin().url)[0].get("ForceAuthn") == forced


def test_a_request_is_signed_as_it_stands_in_the_url(trip: Trip) -> None:
    trip.details["RequestSigningAlgorithm"] = "rsa-sha256"
    signed, _, rest = trip.begin().url.partition("?")[2].partition("&Signature=")
    _, query = sent("https://x/?" + signed + "&Signature=" + rest)
    assert query["SigAlg"] == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    own_key.load(pool_key()).private.public_key().verify(
        base64.b64decode(query["Signature"]), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_a_provider_that_takes_only_forms_gets_a_form(trip: Trip) -> None:
    trip.details = {"MetadataFile": metadata().replace(REDIRECT, POST), "RequestSigningAlgorithm": "rsa-sha256"}
    departure = trip.begin()
    assert departure.url == SSO
    assert departure.form["RelayState"] == STATE
    request = etree.fromstring(base64.b64decode(departure.form["SAMLRequest"]))
    result = XMLVerifier().verify(request, x509_cert=pool_certificate())
    assert not isinstance(result, list)
    assert result.signed_xml is not None
    assert result.signed_xml.get("ID") == departure.secrets["request_id"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://idp.example.com/sso", "https://ada@idp.example.com", "", "data:,x"]
)
def test_a_browser_is_sent_to_no_other_address_than_a_web_page(trip: Trip, address: str) -> None:
    """Metadata with a script where its address should be."""
    trip.details = {"MetadataFile": metadata().replace(SSO, address)}
    with pytest.raises(FederationError, match="SingleSignOnService"):
        trip.begin()


def test_a_good_response_says_who_it_is(trip: Trip) -> None:
    trip.begin()
    arrival = trip.finish(trip.signed())
    assert arrival.subject == "user-ada"
    assert arrival.claims == {"email": "ada@example.com", "groups": ["staff", "admins"]}
    assert arrival.sources == {"samlResponse": {"email": "ada@example.com", "groups": '["staff","admins"]'}}
    session = ProviderSession.read(arrival.session)
    assert session is not None
    assert (session.subject, session.index) == ("user-ada", "_session")


def test_a_signed_response_around_an_assertion_is_as_good(trip: Trip) -> None:
    assert trip.finish(sign(trip.response())).subject == "user-ada"


def test_both_may_be_signed(trip: Trip) -> None:
    assert trip.finish(sign(trip.signed())).subject == "user-ada"


@pytest.mark.parametrize(
    "name_format",
    [
        "",
        'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"',
        'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"',
        'Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"',
        'Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" NameQualifier="x" SPNameQualifier="y"',
    ],
)
def test_a_name_id_may_have_any_format(trip: Trip, name_format: str) -> None:
    arrival = trip.finish(trip.signed(format=name_format))
    assert arrival.subject == "user-ada"
    session = ProviderSession.read(arrival.session)
    assert session is not None
    assert session.qualifiers == ({"NameQualifier": "x", "SPNameQualifier": "y"} if "Qualifier" in name_format else {})


def test_a_provider_that_says_no_is_told_from_a_bad_response(trip: Trip) -> None:
    status: Any = {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"}
    assert trip.refusal(trip.signed(**status)) == "Example answered with access_denied"


def test_without_a_response_nobody_arrives(trip: Trip) -> None:
    assert trip.refusal("").startswith(INVALID)


def test_the_pool_describes_itself_to_a_provider(trip: Trip) -> None:
    document = etree.fromstring(service_metadata.write(trip.asked, "https://shop.example.com/saml2/logout"))
    names = {**NAMESPACES, "md": "urn:oasis:names:tc:SAML:2.0:metadata"}
    assert document.get("entityID") == ENTITY
    assert [one.get("Location") for one in document.iterfind(".//md:AssertionConsumerService", names)] == [CALLBACK]
    assert [one.get("use") for one in document.iterfind(".//md:KeyDescriptor", names)] == ["signing", "encryption"]
