"""Throttling: a second's worth at once, then as fast as the rate; each category, and each user, for itself."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.userpool.limits import quotas
from localcloud.userpool.limits.request_rates import RequestRates
from tests.localcloud.userpool.conftest import Api


class Meter:
    """Request rates by a clock that a test moves."""

    def __init__(self, api: Api) -> None:
        self.now, self._api = 100.0, api
        self._rates = RequestRates(lambda: self.now)

    def taken(self, operation: str, times: int, **request: Any) -> int:
        """How many of so many requests get through."""
        refused = []
        for _ in range(times):
            try:
                self._rates.count(self._api.context, operation, request)
            except AwsError as error:
                refused.append((error.code, error.status))
        assert set(refused) <= {("TooManyRequestsException", 400)}
        return times - len(refused)


@pytest.fixture
def meter(api: Api) -> Meter:
    return Meter(api)


def test_a_burst_of_a_second_and_then_the_rate(meter: Meter) -> None:
    assert meter.taken("DescribeUserPool", 40) == 15
    meter.now += 0.2
    assert meter.taken("DescribeUserPool", 40) == 3
    meter.now += 100
    assert meter.taken("DescribeUserPool", 40) == 15


def test_operations_of_one_category_share_its_rate_and_others_do_not(meter: Meter) -> None:
    assert meter.taken("SignUp", 30) + meter.taken("ConfirmSignUp", 30) == 50
    assert meter.taken("InitiateAuth", 130) == 120


def test_answers_to_challenges_are_counted_apart_at_three_times_the_rate(meter: Meter) -> None:
    meter.taken("InitiateAuth", 120)
    assert meter.taken("RespondToAuthChallenge", 200) + meter.taken("AdminRespondToAuthChallenge", 200) == 360


def test_an_account_that_bought_more_gets_more(api: Api, meter: Meter) -> None:
    quotas.provision(api.context, "UserPoolRead", 60)
    assert meter.taken("DescribeUserPool", 100) == 60


def test_one_user_is_read_and_written_ten_times_a_second(api: Api, pool: str, meter: Meter) -> None:
    for name in ("ada", "bob"):
        api.new_user(pool, name)
    assert meter.taken("AdminGetUser", 12, UserPoolId=pool, Username="ada") == 10
    assert meter.taken("AdminGetUser", 12, UserPoolId=pool, Username="bob") == 10
    assert meter.taken("AdminUpdateUserAttributes", 12, UserPoolId=pool, Username="ada") == 10


def test_what_is_kept_does_not_grow_with_the_users(api: Api, pool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("localcloud.userpool.limits.request_rates._MOST_BUCKETS", 4)
    meter = Meter(api)
    for number in range(10):
        api.new_user(pool, f"user-{number}")
        meter.now += 1
        assert meter.taken("AdminGetUser", 1, UserPoolId=pool, Username=f"user-{number}") == 1
    assert len(meter._rates._buckets) <= 5
