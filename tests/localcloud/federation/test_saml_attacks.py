"""A SAML response counts only as the provider signed it, for AWS, and now: forged, wrapped, stale ones are refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from localcloud.context import Context
from localcloud.federation.saml_response import MAX_LENGTH
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import (
    ENDPOINT,
    NAMESPACES,
    OTHER_CERTIFICATE,
    PROVIDER,
    assertion,
    certificate,
    metadata,
    replaced,
    sign,
    signed_response,
    time_at,
    with_signed_assertion,
)
from tests.localcloud.federation.saml_verdicts import (
    BAD_SIGNATURE,
    INVALID,
    ONE_ASSERTION,
    refusal,
    register,
    verify,
)
from tests.localcloud.federation.stand_in import OTHER_RSA


@pytest.fixture(autouse=True)
def _provider(ctx: Context) -> None:
    register(ctx)


def test_an_unsigned_response_is_refused(ctx: Context) -> None:
    assert refusal(ctx, saml_signer.response(NOW)) == BAD_SIGNATURE


def test_another_key_is_refused_also_with_its_own_certificate(ctx: Context) -> None:
    """A signature brings a certificate with it: whose that is, only the metadata says."""
    found = with_signed_assertion(saml_signer.response(NOW), key=OTHER_RSA, found=OTHER_CERTIFICATE)
    assert refusal(ctx, found) == BAD_SIGNATURE
    assert refusal(ctx, sign(saml_signer.response(NOW), OTHER_RSA, OTHER_CERTIFICATE)) == BAD_SIGNATURE


def test_another_key_under_the_good_certificate_is_refused(ctx: Context) -> None:
    found = with_signed_assertion(saml_signer.response(NOW), key=OTHER_RSA)
    assert refusal(ctx, found) == BAD_SIGNATURE


def test_one_bad_signature_beside_a_good_one_is_refused(ctx: Context) -> None:
    assert refusal(ctx, sign(signed_response(NOW), OTHER_RSA, OTHER_CERTIFICATE)) == BAD_SIGNATURE
    forged = with_signed_assertion(saml_signer.response(NOW), key=OTHER_RSA)
    assert refusal(ctx, sign(forged)) == BAD_SIGNATURE


@pytest.mark.parametrize("place", [b"user-ada", b"ada@example.com", b"urn:amazon:webservices", ENDPOINT.encode()])
def test_what_is_changed_after_signing_is_refused(ctx: Context, place: bytes) -> None:
    assert refusal(ctx, replaced(signed_response(NOW), place, b"https://evil.example")) == BAD_SIGNATURE


@pytest.mark.parametrize("found", [SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA224])
def test_a_weak_signature_is_refused(ctx: Context, found: SignatureMethod) -> None:
    assert refusal(ctx, with_signed_assertion(saml_signer.response(NOW), method=found)) == BAD_SIGNATURE


def test_a_sha_1_digest_is_refused(ctx: Context) -> None:
    found = with_signed_assertion(saml_signer.response(NOW), digest=DigestAlgorithm.SHA1)
    assert refusal(ctx, found) == BAD_SIGNATURE


@pytest.mark.parametrize(
    "name_id",
    ["user-ada<!---->.evil.example", "<!-- -->user-ada", "user-ada<?x?>", "user<saml:NameID>-ada</saml:NameID>"],
)
def test_a_comment_in_the_subject_is_refused(ctx: Context, name_id: str) -> None:
    """A comment is not signed, and cuts a text in two: some readers take the first half for all."""
    assert refusal(ctx, signed_response(NOW, subject=name_id)).startswith(f"{INVALID}: Invalid SAML response: ")
    old = b"user-ada"
    assert refusal(ctx, replaced(signed_response(NOW), old, name_id.encode())).startswith(INVALID)


@pytest.mark.parametrize(
    "start",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!doctype x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/">%a;]>',
    ],
)
def test_a_doctype_is_refused(ctx: Context, start: bytes) -> None:
    assert refusal(ctx, start + etree.tostring(signed_response(NOW))).startswith(f"{INVALID}: Invalid SAML response")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "utf-32"])
def test_a_doctype_in_another_encoding_is_refused(ctx: Context, encoding: str) -> None:
    """What looks like harmless text to one reader is a document type to another."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert refusal(ctx, text.encode(encoding)).startswith(f"{INVALID}: Invalid SAML response")


@pytest.mark.parametrize("text", ["", "x", "%%%", "PHg+", base64.b64encode(b"<x/>").decode(), "é", "\x00"])
def test_what_is_no_response_is_refused(ctx: Context, text: str) -> None:
    assert refusal(ctx, text).startswith(f"{INVALID}: Invalid SAML response")


def test_a_response_is_measured_before_it_is_read(ctx: Context) -> None:
    assert refusal(ctx, "A" * (MAX_LENGTH + 1)) == f"{INVALID}: Invalid SAML response"


def test_a_document_that_nests_without_end_is_refused(ctx: Context) -> None:
    assert refusal(ctx, b"<a>" * 5000 + b"</a>" * 5000).startswith(f"{INVALID}: Invalid SAML response")


def test_a_bare_assertion_is_refused(ctx: Context) -> None:
    assert refusal(ctx, assertion(signed_response(NOW))) == f"{INVALID}: Invalid SAML response"


def test_an_encrypted_assertion_is_refused_by_name(ctx: Context) -> None:
    found = signed_response(NOW)
    found.remove(assertion(found))
    etree.SubElement(found, f"{{{NAMESPACES['saml']}}}EncryptedAssertion")
    assert refusal(ctx, found) == ONE_ASSERTION


def test_an_encrypted_assertion_beside_a_good_one_is_refused(ctx: Context) -> None:
    found = signed_response(NOW)
    etree.SubElement(found, f"{{{NAMESPACES['saml']}}}EncryptedAssertion")
    assert refusal(ctx, found) == ONE_ASSERTION


def test_a_provider_that_says_no_has_not_said_yes(ctx: Context) -> None:
    found = signed_response(NOW, status="urn:oasis:names:tc:SAML:2.0:status:Responder")
    assert refusal(ctx, found) == "IDPRejectedClaim: The identity provider reports that authentication has failed."
    assert refusal(ctx, signed_response(NOW, status="")).startswith("IDPRejectedClaim")


NO_AUDIENCE = f"{INVALID}: Response does not contain the required audience."
OTHER = "<saml:AudienceRestriction><saml:Audience>https://app.example.com</saml:Audience></saml:AudienceRestriction>"
OURS = OTHER.replace("https://app.example.com", "urn:amazon:webservices")


@pytest.mark.parametrize("audience", ["", OTHER, OTHER + OURS, "<saml:AudienceRestriction/>"])
def test_an_assertion_for_another_service_is_refused(ctx: Context, audience: str) -> None:
    """Another service's operator hands on what its users sent there."""
    assert refusal(ctx, signed_response(NOW, audience=audience)) == NO_AUDIENCE


def test_one_of_several_audiences_is_enough(ctx: Context) -> None:
    both = OURS.replace("</saml:Audience>", "</saml:Audience><saml:Audience>https://app.example.com</saml:Audience>")
    found = signed_response(NOW, audience=both)
    assert verify(ctx, found).subject == "user-ada"


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "https://app.example.com/acs",
        f"{ENDPOINT}/",
        f"{ENDPOINT}?x=1",
        "http://signin.aws.amazon.com/saml",
        "https://evil.example/https://signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com.evil.example/saml",
        "https://evil.signin.aws.amazon.com/saml",
    ],
)
def test_another_recipient_is_refused(ctx: Context, recipient: str) -> None:
    wrong = f"{INVALID}: Response does not contain the required recipient."
    assert refusal(ctx, signed_response(NOW, recipient=recipient)) == wrong


def test_another_issuer_under_the_same_key_is_refused(ctx: Context) -> None:
    wrong = f"{INVALID}: Issuer not present in specified provider"
    assert refusal(ctx, signed_response(NOW, issuer="https://other.example.com")) == wrong


def test_an_unknown_provider_is_refused(ctx: Context) -> None:
    missing = f"{INVALID}: Specified provider doesn't exist"
    assert refusal(ctx, signed_response(NOW), provider=PROVIDER + "2") == missing


def test_a_provider_whose_metadata_has_ended_is_refused(ctx: Context) -> None:
    ctx.cloud.clock.advance(86_400)
    assert "metadata of the specified provider has expired" in refusal(ctx, signed_response(ctx.now))


@pytest.mark.parametrize(
    "changes",
    [
        {"ends": time_at(NOW)},
        {"confirmed_until": f'NotOnOrAfter="{time_at(NOW)}"'},
        {"authn": f'<saml:AuthnStatement AuthnInstant="{time_at(NOW)}" SessionNotOnOrAfter="{time_at(NOW)}"/>'},
    ],
)
def test_an_assertion_that_has_ended_is_refused(ctx: Context, changes: dict[str, Any]) -> None:
    assert refusal(ctx, signed_response(NOW, **changes)).startswith("ExpiredTokenException: Token expired: ")


def test_an_assertion_has_to_be_used_within_five_minutes(ctx: Context) -> None:
    late: dict[str, Any] = {"ends": time_at(NOW + 9000), "confirmed_until": f'NotOnOrAfter="{time_at(NOW + 9000)}"'}
    found = signed_response(NOW, **late)
    ctx.cloud.clock.advance(300)
    expired = "ExpiredTokenException: Token must be redeemed within 5 minutes of issuance"
    assert refusal(ctx, found) == expired


@pytest.mark.parametrize("changes", [{"begins": time_at(NOW + 61)}, {"issued": time_at(NOW + 61)}])
def test_an_assertion_of_the_future_is_refused(ctx: Context, changes: dict[str, Any]) -> None:
    assert refusal(ctx, signed_response(NOW, **changes)).startswith(f"{INVALID}: Token is not yet valid: ")


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_until": ""},
        {"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"},
        {"conditions": '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x"/>'},
        {"ends": "tomorrow"},
        {"issued": "2027-01-15T08:00:00"},
        {"authn": ""},
        {"subject": " "},
        {"extra": '<saml:Attribute Name="x"/>', "audience": "", "ends": ""},
    ],
)
def test_an_assertion_that_leaves_something_open_is_refused(ctx: Context, changes: dict[str, Any]) -> None:
    assert refusal(ctx, signed_response(NOW, **changes)).startswith(f"{INVALID}: Invalid SAML response: ")


def test_an_attribute_that_stands_twice_is_refused(ctx: Context) -> None:
    """A check sees the first, a reader the last."""
    twice = (
        '<saml:AuthnStatement/><saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">'
        "<saml:AttributeValue>x</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
    )
    assert "twice" in refusal(ctx, signed_response(NOW, authn=twice))


def test_a_certificate_for_encryption_does_not_sign(ctx: Context) -> None:
    encrypts = metadata(OTHER_CERTIFICATE, use='use="encryption"')
    descriptor = encrypts[encrypts.index("<md:KeyDescriptor") : encrypts.index("<md:SingleSignOn")]
    register(ctx, metadata(inside=descriptor))
    found = with_signed_assertion(saml_signer.response(NOW), key=OTHER_RSA, found=OTHER_CERTIFICATE)
    assert refusal(ctx, found) == BAD_SIGNATURE


def test_a_short_key_in_metadata_is_not_used(ctx: Context) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    register(ctx, metadata(certificate(weak)))
    found = with_signed_assertion(saml_signer.response(NOW), key=weak, found=certificate(weak))
    assert refusal(ctx, found).startswith(INVALID)
