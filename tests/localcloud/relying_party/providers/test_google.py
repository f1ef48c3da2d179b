"""Google: both forms of its name, its discovery document, and a stand-in in its place."""

from __future__ import annotations

import pytest

from localcloud.federation.errors import TokenError
from localcloud.federation.openid import WRONG_ISSUER
from localcloud.relying_party.providers import google
from tests.localcloud.federation.stand_in import sign
from tests.localcloud.relying_party.journey import CODE, STATE, Journey

NAME = "accounts.google.com"


@pytest.fixture
def back(journey: Journey) -> Journey:
    journey.module, journey.issuer = google, f"https://{NAME}"
    # As AWS writes them into the settings by itself.
    journey.details |= {
        "oidc_issuer": f"https://{NAME}",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
    }
    journey.cloud.providers = {NAME: journey.stand_in.url}
    journey.stand_in.issuer = f"https://{NAME}"
    journey.leave()
    journey.serve()
    return journey


@pytest.mark.parametrize("issuer", [f"https://{NAME}", NAME])
def test_google_signs_with_two_names(back: Journey, issuer: str) -> None:
    back.serve(sign(back.good_claims(iss=issuer, email_verified=True, hd="example.com")))
    arrival = back.arrive({"state": STATE, "code": CODE, "iss": issuer})
    assert (arrival.subject, arrival.claims["email_verified"], arrival.claims["hd"]) == (
        "user-ada",
        "true",
        "example.com",
    )


def test_the_stand_in_is_asked_and_nobody_else(back: Journey) -> None:
    assert back.departure is not None
    assert back.departure.url.startswith(f"{back.stand_in.url}/authorize?")
    back.arrive()
    assert back.stand_in.asked[1:] == ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"]


def test_another_provider_does_not_vouch_for_googles_users(back: Journey) -> None:
    back.serve(sign(back.good_claims(iss=back.stand_in.url)))
    assert back.refusal(kind=TokenError) == WRONG_ISSUER
