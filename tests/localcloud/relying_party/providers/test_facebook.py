"""Facebook: the version in its addresses, the fields that the pool maps, and whose a token has to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from localcloud.federation.errors import AudienceError, RejectedError, UnreachableError
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.models import Asked
from localcloud.relying_party.providers import facebook
from tests.localcloud.federation.conftest import CLIENT
from tests.localcloud.relying_party.journey import ACCESS_TOKEN, CALLBACK, CLIENT_SECRET, CODE, STATE, Journey

PROFILE = {"id": "10001", "name": "Ada", "email": "ada@example.com"}


@pytest.fixture
def back(journey: Journey) -> Journey:
    journey.module = facebook
    journey.details |= {"authorize_scopes": "public_profile,email", "api_version": "v21.0"}
    journey.cloud.providers = dict.fromkeys(("www.facebook.com", "graph.facebook.com"), journey.stand_in.url)
    journey.stand_in.answers["/v21.0/oauth/access_token"] = {"access_token": ACCESS_TOKEN, "token_type": "bearer"}
    journey.stand_in.facebook(ACCESS_TOKEN, CLIENT, PROFILE)
    journey.stand_in.answers[f"/v21.0/me {ACCESS_TOKEN}"] = {**PROFILE, "picture": {"data": {"height": 50}}}
    journey.leave()
    return journey


def test_the_real_one_is_asked_at_its_own_addresses(journey: Journey) -> None:
    journey.module = facebook
    journey.details["api_version"] = "v21.0"
    assert journey.leave()["client_id"] == CLIENT
    assert journey.departure is not None
    assert journey.departure.url.startswith("https://www.facebook.com/v21.0/dialog/oauth?")


def test_a_code_becomes_a_user(back: Journey) -> None:
    assert back.departure is not None
    assert urlsplit(back.departure.url).path == "/v21.0/dialog/oauth"
    arrival = back.arrive()
    assert (arrival.subject, arrival.claims["email"]) == ("10001", "ada@example.com")
    assert arrival.claims["picture"] == '{"data":{"height":50}}'
    assert arrival.sources["userInfo"]["name"] == "Ada"


def test_the_fields_are_those_that_the_pool_maps(back: Journey) -> None:
    urls: list[str] = []
    fetch = back.cloud.fetch

    def listen(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        urls.append(url)
        return fetch(url, form, headers)

    back.cloud.fetch = listen
    for attributes, fields in (((), "id%2Cname%2Cemail"), (("id", "email", "birthday"), "id%2Cemail%2Cbirthday")):
        asked: Asked = dataclasses.replace(back.asked, attributes=attributes)
        facebook.finish(back.cloud, asked, {}, {"state": STATE, "code": CODE})
        assert f"/v21.0/me?fields={fields}&" in urls[-1]
    assert f"client_secret={CLIENT_SECRET}" in urls[0]
    assert CALLBACK.rpartition("/")[2] in urls[0]


def test_a_token_of_another_app(back: Journey) -> None:
    """The token of somebody who signed in to another app, handed out by a token endpoint that mixes them up."""
    back.stand_in.facebook(ACCESS_TOKEN, "another-app", PROFILE)
    back.refusal(kind=AudienceError)


def test_a_profile_of_another_user(back: Journey) -> None:
    back.stand_in.answers[f"/v21.0/me {ACCESS_TOKEN}"] = {**PROFILE, "id": "10002"}
    back.refusal(kind=RejectedError)


def test_who_says_no_does_not_arrive(back: Journey) -> None:
    answer = {"state": STATE, "error": "access_denied", "error_reason": "user_denied"}
    assert back.refusal(answer, DeclinedError) == "www.facebook.com answered with access_denied"


@pytest.mark.parametrize("status", [400, 500])
def test_an_error_never_shows_what_was_asked(back: Journey, status: int) -> None:
    """The secret and the code are in the address of the token endpoint."""
    back.stand_in.answers["/v21.0/oauth/access_token"] = (status, {}, {"error": {"type": "OAuthException"}})
    back.refusal(kind=RejectedError if status == 400 else UnreachableError)
    with pytest.raises((RejectedError, UnreachableError)) as caught:
        back.arrive()
    assert caught.value.__cause__ is None
