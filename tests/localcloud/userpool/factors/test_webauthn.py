"""Answers of browsers that were changed or made up: whatever the bytes, they are refused and no more."""

from __future__ import annotations

from typing import Any

import pytest
from fido2 import cbor
from hypothesis import given
from hypothesis import strategies as st

from localcloud.userpool.factors import webauthn
from localcloud.userpool.factors.webauthn import BadCredentialError, Expected, Fault, encode
from tests.authenticator import Authenticator

DOMAIN, CHALLENGE = "auth.example.com", b"c" * 32
EXPECTED = Expected(CHALLENGE, DOMAIN, verified=True)
OPTIONS = {"rp": {"id": DOMAIN}, "user": {"id": encode(b"ada")}, "challenge": encode(CHALLENGE)}
ADA = Authenticator()
MADE = ADA.make(OPTIONS)
KEY = webauthn.read_registration(MADE, EXPECTED).public_key
ANSWER = ADA.answer({"rpId": DOMAIN, "challenge": encode(CHALLENGE)})


def check(answer: dict[str, Any]) -> None:
    webauthn.check_signature(webauthn.read_assertion(answer, EXPECTED), KEY, 0)


def test_the_answer_counts_as_it_is() -> None:
    check(ANSWER)


@given(
    part=st.sampled_from(["authenticatorData", "clientDataJSON", "signature"]),
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
def test_an_answer_with_one_bit_changed_does_not_count(part: str, place: int, bit: int) -> None:
    raw = bytearray(webauthn.decode(ANSWER["response"][part]))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises(BadCredentialError):
        check({**ANSWER, "response": {**ANSWER["response"], part: encode(bytes(raw))}})


@given(data=st.binary(max_size=300))
def test_made_up_bytes_are_no_passkey(data: bytes) -> None:
    for part in ("attestationObject", "clientDataJSON"):
        with pytest.raises(BadCredentialError):
            webauthn.read_registration({**MADE, "response": {**MADE["response"], part: encode(data)}}, EXPECTED)
    with pytest.raises(BadCredentialError):
        check({**ANSWER, "response": {**ANSWER["response"], "authenticatorData": encode(data)}})


NUMBERS = st.one_of(st.integers(-(2**63), 2**63), st.binary(max_size=40), st.text(max_size=5), st.booleans())


@given(key=st.dictionaries(st.sampled_from([1, 3, -1, -2, -3]), NUMBERS), algorithm=st.sampled_from([-7, -257]))
def test_a_made_up_public_key_is_none(key: dict[int, Any], algorithm: int) -> None:
    data: Any = cbor.decode(webauthn.decode(MADE["response"]["attestationObject"]))
    head = data["authData"][: 37 + 18 + len(ADA.id)]
    made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": head + cbor.encode({**key, 3: algorithm})})
    with pytest.raises(BadCredentialError) as caught:
        webauthn.read_registration(
            {**MADE, "response": {**MADE["response"], "attestationObject": encode(made)}}, EXPECTED
        )
    assert caught.value.fault in (Fault.ALGORITHM, Fault.MALFORMED)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(name=st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]), value=json_values)
def test_a_part_of_another_form_is_refused(name: str, value: Any) -> None:
    answer = {**ANSWER, name: value} if name in ANSWER else {**ANSWER, "response": {**ANSWER["response"], name: value}}
    with pytest.raises(BadCredentialError):
        check(answer)
