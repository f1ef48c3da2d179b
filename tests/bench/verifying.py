"""SAML: the rate at which a pool takes responses, against that of signxml's bare verification of the same ones."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from typing import Any

from signxml.verifier import XMLVerifier

from localcloud.clock import Clock
from localcloud.context import Cloud
from localcloud.managed_login.models import KINDS
from localcloud.seal import Sealer
from localcloud.store import Store
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.relying_party.saml.trip import Trip

_ROUND = 300


def rates() -> tuple[Callable[[], float], Callable[[], float]]:
    """Ways to measure our rate, from the posted text to the user who has arrived, and signxml's, from XML to XML.

    Ours reads and checks all that the response says, and keeps its id; no assertion may come twice, so there are many.
    """
    cloud = Cloud(Store(None, KINDS), Clock(source=lambda: NOW), Sealer(b"for measurements"))
    trip = Trip(cloud)
    numbers = iter(range(10**9))

    def ours() -> float:
        return _rate(trip.finish, [saml_signer.encoded(_signed(trip, next(numbers))) for _ in range(_ROUND)])

    def bare() -> float:
        texts = [saml_signer.encoded(_signed(trip, next(numbers))) for _ in range(_ROUND)]
        return _rate(_verify, [base64.b64decode(text) for text in texts])

    return ours, bare


def _verify(response: bytes) -> Any:
    return XMLVerifier().verify(response, x509_cert=saml_signer.CERTIFICATE)


def _signed(trip: Trip, number: int) -> Any:
    response = trip.response()
    saml_signer.assertion(response).set("ID", f"_assertion{number}")
    return saml_signer.with_signed_assertion(response)


def _rate(work: Callable[[Any], Any], inputs: Sequence[Any]) -> float:
    warm, measured = inputs[:20], inputs[20:]
    for one in warm:
        work(one)
    began = time.perf_counter()
    for one in measured:
        work(one)
    return len(measured) / (time.perf_counter() - began)
