"""A provider's metadata by URL: kept for an hour, had anew for a new certificate, and never asked for too often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from lxml import etree

from localcloud.federation.addresses import AnswerError
from localcloud.federation.errors import FederationError, UnreachableError
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.federation.saml_signer import CERTIFICATE, OTHER_CERTIFICATE, metadata, time_at
from tests.localcloud.federation.stand_in import OTHER_RSA
from tests.localcloud.relying_party.saml.trip import Trip

URL = "https://idp.example.com/metadata"


@dataclass
class Network:
    """Where the metadata is; without a document it does not answer."""

    document: str | None = field(default_factory=metadata)
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        self.asked.append(url)
        if self.document is None:
            raise AnswerError(503)
        return self.document.encode()


@pytest.fixture
def network(trip: Trip) -> Network:
    trip.details = {"MetadataURL": URL}
    trip.cloud.fetch = network = Network()
    return network


def by_the_new_key(trip: Trip, number: int = 0) -> etree._Element:
    """A response that the provider has signed with another key than before."""
    found = trip.response()
    saml_signer.assertion(found).set("ID", f"_new{number}")
    return saml_signer.with_signed_assertion(found, key=OTHER_RSA, found=OTHER_CERTIFICATE)


def test_it_is_asked_for_once_an_hour(trip: Trip, network: Network) -> None:
    trip.begin()
    trip.begin()
    trip.cloud.clock.advance(3600)
    assert trip.finish(trip.signed()).subject == "user-ada"
    assert network.asked == [URL]
    trip.cloud.clock.advance(1)
    trip.begin()
    assert network.asked == [URL, URL]


def test_a_stand_in_takes_its_place(trip: Trip, network: Network) -> None:
    trip.cloud.providers = {"idp.example.com/metadata": "http://127.0.0.1:1234/metadata"}
    trip.begin()
    assert network.asked == ["http://127.0.0.1:1234/metadata"]


def test_a_new_certificate_is_found_at_once(trip: Trip, network: Network) -> None:
    trip.begin()
    network.document = metadata(CERTIFICATE, OTHER_CERTIFICATE)
    trip.cloud.clock.advance(5)
    assert trip.finish(by_the_new_key(trip)).subject == "user-ada"
    assert trip.finish(trip.signed()).subject == "user-ada"
    assert network.asked == [URL, URL]


def test_a_withdrawn_certificate_is_good_for_an_hour_at_most(trip: Trip, network: Network) -> None:
    trip.begin()
    network.document = metadata(OTHER_CERTIFICATE)
    trip.cloud.clock.advance(3601)
    assert "signature" in trip.refusal(trip.signed())


def test_forged_responses_do_not_make_this_server_ask_again_and_again(trip: Trip, network: Network) -> None:
    trip.begin()
    trip.cloud.clock.advance(5)
    for number in range(5):
        assert "signature" in trip.refusal(by_the_new_key(trip, number))
    assert network.asked == [URL, URL]


def test_while_it_cannot_be_had_the_last_one_counts_for_an_hour(trip: Trip, network: Network) -> None:
    trip.begin()
    network.document = None
    trip.cloud.clock.advance(3000)
    assert trip.finish(trip.signed()).subject == "user-ada"
    assert "signature" in trip.refusal(by_the_new_key(trip))
    trip.cloud.clock.advance(601)
    with pytest.raises(UnreachableError, match="status 503"):
        trip.begin()


def test_what_never_came_is_said(trip: Trip, network: Network) -> None:
    network.document = None
    with pytest.raises(UnreachableError, match=f"The metadata at {URL} could not be had: it answered with status 503"):
        trip.begin()
    with pytest.raises(UnreachableError, match="status 503"):
        trip.begin()
    assert network.asked == [URL]


@pytest.mark.parametrize("document", ["", "<x/>", "<!DOCTYPE x><x/>", metadata(entity="")])
def test_what_is_no_metadata_is_said(trip: Trip, network: Network, document: str) -> None:
    network.document = document
    with pytest.raises(UnreachableError, match="cannot be read"):
        trip.begin()
    trip.details = {"MetadataFile": document}
    with pytest.raises(FederationError, match="cannot be read"):
        trip.begin()


def test_metadata_that_has_ended_is_had_anew_or_refused(trip: Trip, network: Network) -> None:
    """Keys that their owner has published for a time, and given up since."""
    network.document = metadata(root=f'validUntil="{time_at(NOW + 60)}"')
    trip.begin()
    trip.cloud.clock.advance(60)
    assert "has expired" in trip.refusal(trip.signed())
    network.document = metadata(root=f'validUntil="{time_at(NOW + 120)}"')
    trip.cloud.clock.advance(5)
    assert trip.finish(trip.signed()).subject == "user-ada"
    assert len(network.asked) == 3
