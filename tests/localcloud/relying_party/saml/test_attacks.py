"""What an attacker may bring to a pool's assertion consumer: each case by its name, and each refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from localcloud.federation.saml_response import MAX_LENGTH
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import (
    OTHER_CERTIFICATE,
    assertion,
    encoded,
    replaced,
    sign,
    time_at,
    with_signed_assertion,
)
from tests.localcloud.federation.stand_in import OTHER_RSA
from tests.localcloud.relying_party.saml import wrapping
from tests.localcloud.relying_party.saml.trip import CALLBACK, ENTITY, INVALID, Trip, audience
from tests.localcloud.relying_party.saml.wrapping import Wrap

BAD_SIGNATURE = f"{INVALID}Response signature invalid"
ONE_ASSERTION = f"{INVALID}The response has to have exactly one assertion, and that not encrypted"
NOT_OURS = f"{INVALID}InResponseTo is not the id of the request that was sent."


@pytest.mark.parametrize("wrap", wrapping.OF_RESPONSES.values(), ids=wrapping.OF_RESPONSES)
def test_a_wrapped_response(trip: Trip, wrap: Wrap) -> None:
    assert trip.refusal(wrap(sign(trip.response()))) in (ONE_ASSERTION, BAD_SIGNATURE)


@pytest.mark.parametrize("wrap", wrapping.OF_ASSERTIONS.values(), ids=wrapping.OF_ASSERTIONS)
def test_a_wrapped_assertion(trip: Trip, wrap: Wrap) -> None:
    assert trip.refusal(wrap(trip.signed())) in (ONE_ASSERTION, BAD_SIGNATURE)


@pytest.mark.parametrize("wrap", wrapping.OF_ASSERTIONS.values(), ids=wrapping.OF_ASSERTIONS)
def test_a_wrapped_assertion_in_a_signed_response(trip: Trip, wrap: Wrap) -> None:
    assert trip.refusal(wrap(sign(trip.signed()))) in (ONE_ASSERTION, BAD_SIGNATURE)


@pytest.mark.parametrize("name_id", ["user<!---->-ada", "user-ada<!---->.evil", "<?x?>user-ada"])
def test_a_comment_in_the_name_id(trip: Trip, name_id: str) -> None:
    """Not signed, and some readers take the text before it for all."""
    assert "a comment" in trip.refusal(trip.signed(subject=name_id))
    assert "a comment" in trip.refusal(replaced(trip.signed(), b"user-ada", name_id.encode()))


def test_an_unsigned_response(trip: Trip) -> None:
    assert trip.refusal(trip.response()) == BAD_SIGNATURE


def test_a_signature_that_was_taken_off(trip: Trip) -> None:
    found = trip.signed()
    signature = next(found.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    parent = signature.getparent()
    assert parent is not None
    parent.remove(signature)
    assert trip.refusal(found) == BAD_SIGNATURE


def test_a_response_that_is_signed_only_in_part(trip: Trip) -> None:
    """The status is signed, and the assertion beside it is anybody's."""
    found = trip.response()
    status = found.find("{urn:oasis:names:tc:SAML:2.0:protocol}Status")
    assert status is not None
    status.set("ID", "_status")
    place = list(found).index(status)
    found.remove(status)
    found.insert(place, sign(status))
    assert trip.refusal(found) == BAD_SIGNATURE


def test_one_good_signature_beside_a_bad_one(trip: Trip) -> None:
    assert trip.refusal(sign(trip.signed(), OTHER_RSA, OTHER_CERTIFICATE)) == BAD_SIGNATURE
    assert trip.refusal(sign(with_signed_assertion(trip.response(), key=OTHER_RSA))) == BAD_SIGNATURE


def test_a_signature_by_another_key(trip: Trip) -> None:
    found = with_signed_assertion(trip.response(), key=OTHER_RSA, found=OTHER_CERTIFICATE)
    assert trip.refusal(found) == BAD_SIGNATURE


@pytest.mark.parametrize("old", [b"user-ada", b"ada@example.com", CALLBACK.encode(), ENTITY.encode(), b"_request"])
def test_what_is_changed_after_signing(trip: Trip, old: bytes) -> None:
    assert trip.refusal(replaced(trip.signed(), old, b"evil")) == BAD_SIGNATURE


def test_sha_1(trip: Trip) -> None:
    weak = with_signed_assertion(trip.response(), method=SignatureMethod.RSA_SHA1)
    assert trip.refusal(weak) == BAD_SIGNATURE
    assert trip.refusal(with_signed_assertion(trip.response(), digest=DigestAlgorithm.SHA1)) == BAD_SIGNATURE


@pytest.mark.parametrize("other", ["urn:amazon:cognito:sp:us-east-1_other", "urn:amazon:webservices", f"{ENTITY}2", ""])
def test_another_audience(trip: Trip, other: str) -> None:
    wrong = f"{INVALID}Response does not contain the required audience."
    assert trip.refusal(trip.signed(audience=audience(other))) == wrong
    assert trip.refusal(trip.signed(audience=audience(ENTITY) + audience(other))) == wrong


def test_no_audience(trip: Trip) -> None:
    assert "audience" in trip.refusal(trip.signed(audience=""))


@pytest.mark.parametrize(
    "recipient",
    ["", "https://signin.aws.amazon.com/saml", f"{CALLBACK}/", f"{CALLBACK}?x=1", CALLBACK.replace("shop", "other")],
)
def test_another_recipient(trip: Trip, recipient: str) -> None:
    wrong = f"{INVALID}Response does not contain the required recipient."
    assert trip.refusal(trip.signed(recipient=recipient)) == wrong


def test_another_destination(trip: Trip) -> None:
    found = trip.response()
    found.set("Destination", "https://other.example.com/acs")
    assert "Destination" in trip.refusal(sign(found))


def test_another_issuer_with_the_same_key(trip: Trip) -> None:
    assert "Issuer" in trip.refusal(trip.signed(issuer="https://other.example.com"))


def test_an_assertion_that_has_ended(trip: Trip) -> None:
    assert "expired" in trip.refusal(trip.signed(ends=time_at(NOW)))
    assert "expired" in trip.refusal(trip.signed(until=time_at(NOW)))


def test_an_assertion_that_comes_late(trip: Trip) -> None:
    found = trip.signed(ends=time_at(NOW + 9000), until=time_at(NOW + 9000))
    trip.cloud.clock.advance(360)
    assert trip.refusal(found) == f"{INVALID}Token must be redeemed within 6 minutes of issuance"


@pytest.mark.parametrize("what", ["begins", "issued"])
def test_an_assertion_of_the_future(trip: Trip, what: str) -> None:
    changes: dict[str, Any] = {what: time_at(NOW + 61)}
    assert "not yet valid" in trip.refusal(trip.signed(**changes))


def test_in_response_to_nothing(trip: Trip) -> None:
    assert trip.refusal(trip.signed(answers="")) == NOT_OURS


def test_in_response_to_nothing_around_a_good_assertion(trip: Trip) -> None:
    assert trip.refusal(trip.signed(outer_answers="")) == NOT_OURS


def test_in_response_to_another_request(trip: Trip) -> None:
    assert trip.refusal(trip.signed(answers="_other")) == NOT_OURS
    assert trip.refusal(trip.signed(answers="_other", outer_answers="_request")) == NOT_OURS
    assert trip.refusal(trip.signed(outer_answers="_other")) == NOT_OURS


def test_a_replay(trip: Trip) -> None:
    found = trip.signed()
    assert trip.finish(found).subject == "user-ada"
    assert trip.refusal(found) == f"{INVALID}The assertion was used before."


def test_a_replay_in_another_response(trip: Trip) -> None:
    """The response may be another one: what counts once is the assertion."""
    found = trip.signed()
    trip.finish(found)
    found.set("ID", "_another")
    assert trip.refusal(found) == f"{INVALID}The assertion was used before."


@pytest.mark.parametrize(
    "start",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        b'<!doctype x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/">%a;]>',
    ],
    ids=["doctype", "file", "external dtd", "parameter entity"],
)
def test_a_doctype(trip: Trip, start: bytes) -> None:
    assert (
        trip.refusal(start + etree.tostring(trip.signed())) == f"{INVALID}Invalid SAML response: a DOCTYPE or an entity"
    )


def test_a_doctype_in_another_encoding(trip: Trip) -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert trip.refusal(text.encode("utf-16")).startswith(f"{INVALID}Invalid SAML response")


def test_an_oversized_response(trip: Trip) -> None:
    assert trip.refusal("A" * (MAX_LENGTH + 1)) == f"{INVALID}Invalid SAML response"


def test_a_response_that_nests_without_end(trip: Trip) -> None:
    assert trip.refusal(b"<a>" * 5000 + b"</a>" * 5000).startswith(f"{INVALID}Invalid SAML response")


@pytest.mark.parametrize("text", ["x", "%%%", base64.b64encode(b"<x/>").decode(), "é", "\x00"])
def test_something_else_than_a_response(trip: Trip, text: str) -> None:
    assert trip.refusal(text).startswith(f"{INVALID}Invalid SAML response")


def test_a_bare_assertion(trip: Trip) -> None:
    assert trip.refusal(encoded(assertion(trip.signed()))).startswith(f"{INVALID}Invalid SAML response")


def test_a_response_that_nobody_asked_for(trip: Trip) -> None:
    """Login CSRF: it would sign this browser in as somebody else."""
    refused = f"{INVALID}The provider may not begin a sign-in by itself: IDPInit is not true"
    assert trip.refusal(trip.signed(answers=""), request_id="") == refused


def test_a_response_to_a_request_where_nobody_asked(trip: Trip) -> None:
    """A response that was asked for in another browser, brought here as if the provider had begun."""
    trip.details["IDPInit"] = "true"
    assert trip.refusal(trip.signed(), request_id="") == NOT_OURS


def test_a_provider_that_may_begin_may(trip: Trip) -> None:
    trip.details["IDPInit"] = "true"
    assert trip.finish(trip.signed(answers=""), request_id="").subject == "user-ada"
