"""Login with Amazon: where it is asked, and whose a token has to be."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from localcloud.federation.errors import AudienceError, RejectedError
from localcloud.relying_party.errors import DeclinedError
from localcloud.relying_party.providers import login_with_amazon
from tests.localcloud.federation.conftest import CLIENT
from tests.localcloud.relying_party.journey import ACCESS_TOKEN, CALLBACK, CLIENT_SECRET, CODE, STATE, Journey

INFO = {"aud": CLIENT, "app_id": "amzn1.application.x", "user_id": "amzn1.u", "exp": 3597}
PROFILE = {"user_id": "amzn1.u", "name": "Ada", "email": "ada@example.com", "postal_code": "98052"}


@pytest.fixture
def back(journey: Journey) -> Journey:
    journey.module = login_with_amazon
    journey.details["authorize_scopes"] = "profile postal_code"
    journey.cloud.providers = {"www.amazon.com": journey.stand_in.url}
    journey.stand_in.answers["/auth/o2/token"] = {
        "access_token": ACCESS_TOKEN,
        "token_type": "bearer",
        "expires_in": 3600,
        "refresh_token": "Atzr|x",
    }
    journey.stand_in.amazon(ACCESS_TOKEN, INFO, PROFILE)
    journey.leave()
    return journey


def test_the_real_one_is_asked_at_its_own_addresses(journey: Journey) -> None:
    journey.module = login_with_amazon
    assert journey.leave() == {
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": STATE,
    }
    assert journey.departure is not None
    assert journey.departure.url.startswith("https://www.amazon.com/ap/oa?")


def test_a_code_becomes_a_user(back: Journey) -> None:
    assert back.departure is not None
    parts = urlsplit(back.departure.url)
    assert (f"{parts.scheme}://{parts.netloc}", parts.path) == (back.stand_in.url, "/ap/oa")
    assert dict(parse_qsl(parts.query))["scope"] == "profile postal_code"
    arrival = back.arrive()
    assert (arrival.subject, arrival.claims["postal_code"]) == ("amzn1.u", "98052")
    assert arrival.claims["access_token"] == ACCESS_TOKEN
    assert arrival.sources["tokenResponse"]["expires_in"] == "3600"
    assert arrival.sources["userInfo"] == PROFILE
    assert back.stand_in.posted == [
        {
            "grant_type": "authorization_code",
            "code": CODE,
            "redirect_uri": CALLBACK,
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
        }
    ]


def test_a_token_of_another_app(back: Journey) -> None:
    """The token of somebody who signed in to another app, handed out by a token endpoint that mixes them up."""
    back.stand_in.amazon(ACCESS_TOKEN, {**INFO, "aud": "another-app"}, PROFILE)
    back.refusal(kind=AudienceError)
    assert "/user/profile" not in back.stand_in.asked


def test_a_profile_of_another_user(back: Journey) -> None:
    back.stand_in.amazon(ACCESS_TOKEN, INFO, {**PROFILE, "user_id": "amzn1.other"})
    back.refusal(kind=RejectedError)


def test_who_says_no_does_not_arrive(back: Journey) -> None:
    assert "access_denied" in back.refusal({"state": STATE, "error": "access_denied"}, DeclinedError)
