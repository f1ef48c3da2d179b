"""Single logout: requests and answers, both ways, count only as the provider signed them, for us, and now."""

from __future__ import annotations

import base64
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from localcloud.federation.errors import FederationError
from localcloud.federation.saml_metadata import POST, REDIRECT
from localcloud.relying_party.saml import logout, own_key, signed_messages
from localcloud.relying_party.saml.sessions import ProviderSession
from localcloud.relying_party.saml.signed_messages import Received
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import (
    OTHER_CERTIFICATE,
    encoded,
    metadata,
    sign,
    time_at,
)
from tests.localcloud.federation.stand_in import OTHER_RSA
from tests.localcloud.relying_party.saml.logout_messages import HERE, answer, message, query, request
from tests.localcloud.relying_party.saml.trip import (
    ENTITY,
    SLO,
    STATE,
    Trip,
    attributes,
    logout_service,
    pool_key,
    sent,
)

SESSION = ProviderSession("user-ada", "urn:x:persistent", {"NameQualifier": "q"}, "_session").text


@pytest.fixture
def trip(trip: Trip) -> Trip:
    trip.details = {"MetadataFile": metadata(inside=logout_service())}
    return trip


def in_form(found: etree._Element, parameter: str = "SAMLResponse") -> Received:
    return signed_messages.from_form({parameter: encoded(found), "RelayState": STATE}, parameter)


def in_query(text: str, parameter: str = "SAMLResponse") -> Received:
    return signed_messages.from_query(text, parameter)


def finish(trip: Trip, received: Received) -> None:
    logout.finish(trip.cloud, trip.asked, "_request", received, HERE)


def refusal(trip: Trip, received: Received) -> str:
    with pytest.raises(FederationError) as caught:
        finish(trip, received)
    return str(caught.value)


def test_the_request_names_the_session_and_is_signed(trip: Trip) -> None:
    departure = logout.begin(trip.cloud, trip.asked, SESSION, STATE)
    assert departure.url.startswith(f"{SLO}?SAMLRequest=")
    found, told = sent(departure.url)
    assert (found.get("ID"), told["RelayState"]) == (departure.secrets["request_id"], STATE)
    issuer, name_id, index = found
    assert (issuer.text, name_id.text, index.text) == (ENTITY, "user-ada", "_session")
    assert attributes(name_id) == {"Format": "urn:x:persistent", "NameQualifier": "q"}
    signed = departure.url.partition("?")[2].partition("&Signature=")[0]
    own_key.load(pool_key()).private.public_key().verify(
        base64.b64decode(told["Signature"]), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_a_provider_that_takes_only_forms_gets_a_form(trip: Trip) -> None:
    trip.details = {"MetadataFile": metadata(inside=logout_service(POST))}
    departure = logout.begin(trip.cloud, trip.asked, SESSION, STATE)
    assert departure.url == SLO
    assert b"Signature" in base64.b64decode(departure.form["SAMLRequest"])


def test_a_session_of_another_kind_of_provider_has_no_way_there(trip: Trip) -> None:
    with pytest.raises(FederationError, match="none that a SAML provider has begun"):
        logout.begin(trip.cloud, trip.asked, "", STATE)


def test_without_an_address_there_is_no_way_there(trip: Trip) -> None:
    trip.details = {"MetadataFile": metadata()}
    with pytest.raises(FederationError, match="no SingleLogoutService"):
        logout.begin(trip.cloud, trip.asked, SESSION, STATE)


def test_a_signed_answer_is_taken(trip: Trip) -> None:
    finish(trip, in_form(sign(answer())))
    finish(trip, in_query(query(answer())))
    finish(trip, in_form(sign(answer(Destination=None))))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"InResponseTo": "_other"}, "InResponseTo"),
        ({"InResponseTo": None}, "InResponseTo"),
        ({"Destination": "https://other.example.com"}, "for another address"),
        ({"IssueInstant": time_at(NOW - 300)}, "too long ago"),
        ({"IssueInstant": time_at(NOW + 61)}, "in the future"),
        ({"IssueInstant": None}, "IssueInstant"),
        ({"IssueInstant": "today"}, "cannot be read"),
        ({"issuer": "https://other.example.com"}, "Issuer"),
        ({"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"}, "has not signed the user out"),
    ],
)
def test_an_answer_to_something_else_is_refused(trip: Trip, wrong: dict[str, Any], why: str) -> None:
    assert why in refusal(trip, in_form(sign(answer(**wrong))))
    assert why in refusal(trip, in_query(query(answer(**wrong))))


def test_a_request_is_no_answer(trip: Trip) -> None:
    assert "no samlp:LogoutResponse" in refusal(trip, in_form(sign(request())))


def test_an_unsigned_answer_is_refused(trip: Trip) -> None:
    assert "signature" in refusal(trip, in_form(answer()))
    with pytest.raises(FederationError, match="signature"):
        in_query(query(answer()).partition("&SigAlg")[0])


def test_an_answer_that_another_key_signed_is_refused(trip: Trip) -> None:
    assert "signature" in refusal(trip, in_form(sign(answer(), OTHER_RSA, OTHER_CERTIFICATE)))
    assert "signature" in refusal(trip, in_query(query(answer(), key=OTHER_RSA)))


def test_a_query_that_was_changed_is_refused(trip: Trip) -> None:
    assert "signature" in refusal(trip, in_query(query(answer()).replace(STATE, "ffff")))
    other = query(answer(), alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")
    assert "signature" in refusal(trip, in_query(other))


def test_sha_1_in_a_query_is_refused(trip: Trip) -> None:
    assert "signature" in refusal(trip, in_query(query(answer(), alg="http://www.w3.org/2000/09/xmldsig#rsa-sha1")))


def test_two_signatures_are_a_riddle(trip: Trip) -> None:
    assert "signature" in refusal(trip, in_query(query(sign(answer()))))


def test_a_query_that_unpacks_without_end_is_refused() -> None:
    packer = zlib.compressobj(wbits=-15)
    bomb = base64.b64encode(packer.compress(b" " * 5_000_000) + packer.flush()).decode()
    with pytest.raises(FederationError, match="too long"):
        in_query(urlencode({"SAMLResponse": bomb, "Signature": "AA=="}))


@pytest.mark.parametrize("text", ["", "%%", "AAAA", "a" * 100_001])
def test_something_else_than_a_message_is_refused(text: str) -> None:
    with pytest.raises(FederationError, match="cannot be read"):
        signed_messages.from_form({"SAMLResponse": text}, "SAMLResponse")
    with pytest.raises(FederationError, match="cannot be read"):
        in_query(urlencode({"SAMLResponse": text, "Signature": "AA=="}))


def test_the_provider_may_end_a_session(trip: Trip) -> None:
    received = in_form(sign(request(("_session", "_other"))), "SAMLRequest")
    ended = logout.ended(trip.cloud, trip.asked, received, HERE)
    assert ended == logout.Ended("_message", "user-ada", frozenset({"_session", "_other"}))
    told, _ = sent(logout.answer(trip.cloud, trip.asked, ended.request_id, "theirs").url)
    assert told.get("InResponseTo") == "_message"
    assert "Success" in etree.tostring(told).decode()


def test_the_answer_goes_where_the_provider_wants_it(trip: Trip) -> None:
    service = logout_service(REDIRECT, f'ResponseLocation="{SLO}/done"')
    trip.details = {"MetadataFile": metadata(inside=service)}
    assert logout.answer(trip.cloud, trip.asked, "_message", "").url.startswith(f"{SLO}/done?SAMLResponse=")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (request(), "signature"),
        (sign(request(), OTHER_RSA, OTHER_CERTIFICATE), "signature"),
        (sign(request(NotOnOrAfter=time_at(NOW))), "has ended"),
        (sign(request(Destination="https://other.example.com")), "for another address"),
        (sign(request(issuer="https://other.example.com")), "Issuer"),
        (sign(message("LogoutRequest")), "names nobody"),
        (sign(message("LogoutRequest", "<saml:NameID/><saml:NameID/>")), "more than one"),
    ],
)
def test_nobody_else_may(trip: Trip, found: etree._Element, why: str) -> None:
    with pytest.raises(FederationError, match=why):
        logout.ended(trip.cloud, trip.asked, in_form(found, "SAMLRequest"), HERE)


def test_a_request_ends_a_session_once(trip: Trip) -> None:
    """Replay: signed out again and again by whoever has seen the request once."""
    text = query(request(), "SAMLRequest")
    logout.ended(trip.cloud, trip.asked, in_query(text, "SAMLRequest"), HERE)
    with pytest.raises(FederationError, match="used before"):
        logout.ended(trip.cloud, trip.asked, in_query(text, "SAMLRequest"), HERE)
