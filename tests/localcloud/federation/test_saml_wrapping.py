"""Signature wrapping: a response with the provider's good signature in it, and a forged assertion to be read."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from localcloud.context import Context
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import (
    NAMESPACES,
    assertion,
    replaced,
    sign,
    signed_response,
)
from tests.localcloud.federation.saml_verdicts import BAD_SIGNATURE, ONE_ASSERTION, refusal, register


@pytest.fixture(autouse=True)
def _provider(ctx: Context) -> None:
    register(ctx)


def evil(found: etree._Element) -> etree._Element:
    """A copy of the signed assertion, unsigned, of another user with another id."""
    forged = copy.deepcopy(assertion(found))
    signature = forged.find("ds:Signature", NAMESPACES)
    assert signature is not None
    forged.remove(signature)
    forged.set("ID", "_evil")
    name_id = forged.find(".//saml:NameID", NAMESPACES)
    assert name_id is not None
    name_id.text = "admin"
    return forged


def beside(found: etree._Element) -> etree._Element:
    found.append(evil(found))
    return found


def before(found: etree._Element) -> etree._Element:
    found.insert(0, evil(found))
    return found


def around(found: etree._Element) -> etree._Element:
    """The forged assertion holds the signed one."""
    forged, good = evil(found), assertion(found)
    found.replace(good, forged)
    forged.append(good)
    return found


def in_the_signature(found: etree._Element) -> etree._Element:
    """The forged assertion has the signature, and in it, as an object, the signed assertion."""
    good = assertion(found)
    forged, signature = evil(found), good.find("ds:Signature", NAMESPACES)
    assert signature is not None
    good.remove(signature)
    found.replace(good, forged)
    forged.insert(1, signature)
    etree.SubElement(signature, f"{{{NAMESPACES['ds']}}}Object").append(good)
    return found


def in_an_extension(found: etree._Element) -> etree._Element:
    forged, good = evil(found), assertion(found)
    found.replace(good, forged)
    extensions = etree.Element(f"{{{NAMESPACES['samlp']}}}Extensions")
    found.insert(1, extensions)
    extensions.append(good)
    return found


def with_the_same_id(found: etree._Element) -> etree._Element:
    forged = evil(found)
    forged.set("ID", "_assertion")
    found.append(forged)
    return found


def with_the_signature_moved_up(found: etree._Element) -> etree._Element:
    """The signature of the assertion stands in the response, and the assertion beside the forged one."""
    good = assertion(found)
    signature = good.find("ds:Signature", NAMESPACES)
    forged = evil(found)
    assert signature is not None
    found.insert(1, signature)
    found.append(forged)
    return found


def in_another_response(found: etree._Element) -> etree._Element:
    """A forged response around the whole signed one."""
    forged = saml_signer.response(NOW, subject="admin")
    forged.set("ID", "_evil")
    forged.append(found)
    return forged


WRAPS = [
    beside,
    before,
    around,
    in_the_signature,
    in_an_extension,
    with_the_same_id,
    with_the_signature_moved_up,
    in_another_response,
]


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_wrapped_assertion_is_refused(ctx: Context, wrap: Callable[[etree._Element], etree._Element]) -> None:
    """Signature wrapping: the check sees one assertion, the reader another."""
    assert refusal(ctx, wrap(signed_response(NOW))) in (ONE_ASSERTION, BAD_SIGNATURE)


@pytest.mark.parametrize("wrap", WRAPS[:-1])
def test_a_wrapped_assertion_in_an_unsigned_copy_of_a_signed_response_is_refused(
    ctx: Context, wrap: Callable[[etree._Element], etree._Element]
) -> None:
    assert refusal(ctx, wrap(sign(signed_response(NOW)))) in (ONE_ASSERTION, BAD_SIGNATURE)


def test_a_signature_of_something_else_in_the_response_is_refused(ctx: Context) -> None:
    """A good signature of the provider's, over an element that is not the assertion."""
    found = saml_signer.response(NOW, subject="admin", extra='<samlp:Extensions ID="_other">signed</samlp:Extensions>')
    other = found.find("samlp:Extensions", NAMESPACES)
    assert other is not None
    signed = sign(copy.deepcopy(other))
    signature = signed.find("ds:Signature", NAMESPACES)
    assert signature is not None
    assertion(found).insert(1, signature)
    assert refusal(ctx, found) == BAD_SIGNATURE


def test_a_reference_to_the_whole_document_is_refused(ctx: Context) -> None:
    """`URI=""` is whatever document the signature is carried into."""
    found = signed_response(NOW)
    assert refusal(ctx, replaced(found, b'URI="#_assertion"', b'URI=""')) == BAD_SIGNATURE


def test_a_transform_that_chooses_what_is_signed_is_refused(ctx: Context) -> None:
    for other in (b"http://www.w3.org/TR/1999/REC-xpath-19991116", b"http://www.w3.org/TR/1999/REC-xslt-19991116"):
        old = b"http://www.w3.org/2000/09/xmldsig#enveloped-signature"
        assert refusal(ctx, replaced(signed_response(NOW), old, other)) == BAD_SIGNATURE
