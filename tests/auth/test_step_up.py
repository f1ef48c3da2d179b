"""An API's wish for a newer sign-in is told from its other refusals, under both names that API Gateway may give it."""

from __future__ import annotations

import pytest

from auth.step_up import max_age_of

CHALLENGE = 'Bearer error="insufficient_user_authentication", error_description="sign in", max_age="300"'


@pytest.mark.parametrize("name", ["WWW-Authenticate", "www-authenticate", "x-amzn-Remapped-www-authenticate"])
def test_it_is_found_under_either_name(name: str) -> None:
    assert max_age_of({"content-type": "application/json", name: CHALLENGE}) == 300


@pytest.mark.parametrize(
    ("rest", "seconds"), [(", max_age=60", 60), ("", 0), (', max_age="x"', 0), (', max_age="99999999999"', 0)]
)
def test_the_age_may_be_a_token_or_missing(rest: str, seconds: int) -> None:
    assert max_age_of({"www-authenticate": f'Bearer error="insufficient_user_authentication"{rest}'}) == seconds


@pytest.mark.parametrize(
    "challenge",
    ["", "Bearer", 'Bearer scope="" error="invalid_token" error_description="the token has expired"', "x" * 10_000],
)
def test_other_refusals_ask_for_none(challenge: str) -> None:
    assert max_age_of({"www-authenticate": challenge}) is None
    assert max_age_of({}) is None
