"""Encrypted assertions: read where the pool's own key opens them, and refused, always in the same words, where not."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from lxml import etree

from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.saml_signer import OTHER_CERTIFICATE, sign
from tests.localcloud.federation.stand_in import OTHER_RSA
from tests.localcloud.relying_party.saml.encrypter import CBC_256, GCM, OAEP, RSA_1_5, XENC, XENC11, Encrypter
from tests.localcloud.relying_party.saml.trip import INVALID, Trip, pool_certificate

UNREADABLE = f"{INVALID}The encrypted assertion cannot be read, or its signature is invalid"


@pytest.fixture
def trip(trip: Trip) -> Trip:
    trip.details["EncryptedResponses"] = "true"
    return trip


def encrypted(trip: Trip, **how: Any) -> etree._Element:
    """A response whose assertion is signed, and encrypted for the pool."""
    return Encrypter(pool_certificate(), **how).encrypt(trip.signed())


@pytest.mark.parametrize("content", [f"{XENC}aes{size}-cbc" for size in (128, 192, 256)])
def test_cbc_is_read(trip: Trip, content: str) -> None:
    assert trip.finish(encrypted(trip, content=content)).subject == "user-ada"


@pytest.mark.parametrize("content", [f"{XENC11}aes{size}-gcm" for size in (128, 192, 256)])
def test_gcm_is_read(trip: Trip, content: str) -> None:
    assert trip.finish(encrypted(trip, content=content)).subject == "user-ada"


@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA512()], ids=lambda one: one.name)
def test_oaep_is_read_with_any_of_its_hashes(trip: Trip, digest: hashes.HashAlgorithm) -> None:
    assert trip.finish(encrypted(trip, digest=digest)).subject == "user-ada"
    trip.request_id = "_second"
    found = Encrypter(pool_certificate(), transport=OAEP, digest=digest).encrypt(_with_another_id(trip))
    assert trip.finish(found).subject == "user-ada"


def test_a_key_beside_the_data_is_found(trip: Trip) -> None:
    assert trip.finish(encrypted(trip, beside=True)).subject == "user-ada"


def test_a_signed_response_around_an_unsigned_encrypted_assertion_is_read(trip: Trip) -> None:
    assert trip.finish(sign(Encrypter(pool_certificate()).encrypt(trip.response()))).subject == "user-ada"


def test_both_signatures_are_read(trip: Trip) -> None:
    assert trip.finish(sign(encrypted(trip))).subject == "user-ada"


def test_an_encrypted_assertion_for_another_key(trip: Trip) -> None:
    assert trip.refusal(Encrypter(OTHER_CERTIFICATE).encrypt(trip.signed())) == UNREADABLE


@pytest.mark.parametrize("content", [GCM, CBC_256])
@pytest.mark.parametrize("place", [0, 20, -20, -1])
def test_a_tampered_ciphertext_says_nothing_of_how_far_it_got(trip: Trip, content: str, place: int) -> None:
    """A padding oracle: bad padding, bad XML and a bad signature have to be one and the same."""
    assert trip.refusal(encrypted(trip, content=content, flip=place)) == UNREADABLE


def test_an_encrypted_assertion_that_nobody_signed(trip: Trip) -> None:
    """Anybody can encrypt: the pool's certificate is public."""
    assert trip.refusal(Encrypter(pool_certificate()).encrypt(trip.response())) == UNREADABLE


def test_an_encrypted_assertion_that_another_key_signed(trip: Trip) -> None:
    forged = saml_signer.with_signed_assertion(trip.response(), key=OTHER_RSA, found=OTHER_CERTIFICATE)
    assert trip.refusal(Encrypter(pool_certificate()).encrypt(forged)) == UNREADABLE


def test_a_signed_response_whose_ciphertext_was_exchanged(trip: Trip) -> None:
    found = sign(Encrypter(pool_certificate()).encrypt(trip.response()))
    other = Encrypter(pool_certificate()).element(etree.tostring(saml_signer.assertion(trip.response(subject="admin"))))
    found.replace(found[-1], other)
    assert trip.refusal(found) == f"{INVALID}Response signature invalid"


def test_an_unencrypted_assertion_where_encryption_is_demanded(trip: Trip) -> None:
    one = f"{INVALID}The response has to have exactly one assertion, and that encrypted"
    assert trip.refusal(trip.signed()) == one
    both = encrypted(trip)
    both.append(saml_signer.assertion(trip.signed()))
    assert trip.refusal(both) == one


def test_an_encrypted_assertion_where_none_is_expected(trip: Trip) -> None:
    del trip.details["EncryptedResponses"]
    assert (
        trip.refusal(encrypted(trip))
        == f"{INVALID}The response has to have exactly one assertion, and that not encrypted"
    )


def test_rsa_1_5_is_refused(trip: Trip) -> None:
    assert trip.refusal(encrypted(trip, transport=RSA_1_5)) == UNREADABLE


@pytest.mark.parametrize("content", [f"{XENC}tripledes-cbc", f"{XENC}aes256-ecb", ""])
def test_another_algorithm_is_refused(trip: Trip, content: str) -> None:
    found = etree.tostring(encrypted(trip)).replace(GCM.encode(), content.encode())
    assert trip.refusal(found) == UNREADABLE


def test_a_key_of_another_size_is_refused(trip: Trip) -> None:
    assert trip.refusal(encrypted(trip, key_size=16)) == UNREADABLE


def test_a_ciphertext_somewhere_else_is_not_fetched(trip: Trip) -> None:
    found = etree.tostring(encrypted(trip))
    found = found.replace(b"<xenc:CipherValue>", b'<xenc:CipherReference URI="http://127.0.0.1:1/">')
    assert trip.refusal(found.replace(b"</xenc:CipherValue>", b"</xenc:CipherReference>")) == UNREADABLE


def test_a_doctype_inside_is_refused(trip: Trip) -> None:
    plain = b'<!DOCTYPE x [<!ENTITY a "b">]>' + etree.tostring(saml_signer.assertion(trip.signed()))
    found = trip.response()
    found.replace(found[-1], Encrypter(pool_certificate()).element(plain))
    assert trip.refusal(found) == UNREADABLE


def test_an_encrypted_assertion_counts_once(trip: Trip) -> None:
    signed = trip.signed()
    again = etree.fromstring(etree.tostring(signed))
    assert trip.finish(Encrypter(pool_certificate()).encrypt(signed)).subject == "user-ada"
    refused = trip.refusal(Encrypter(pool_certificate()).encrypt(again))
    assert refused == f"{INVALID}The assertion was used before."


def _with_another_id(trip: Trip) -> etree._Element:
    found = trip.response()
    saml_signer.assertion(found).set("ID", "_second")
    return saml_signer.with_signed_assertion(found)
