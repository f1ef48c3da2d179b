"""Live tokens are refreshed when less than a minute is left, once, and by one caller at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from auth.live_tokens import RENEW_BEFORE, LiveTokens
from auth.models import Tokens

OLD = Tokens("access-1", "id-1", "refresh", expires_at=1_000.0)


class Pool:
    """Answers each refresh with new tokens."""

    def __init__(self) -> None:
        self.refreshed, self.now = 0, 0.0

    def refresh(self, tokens: Tokens) -> Tokens:
        self.refreshed += 1
        mark = self.refreshed + 1
        return replace(tokens, access_token=f"access-{mark}", id_token=f"id-{mark}", expires_at=self.now + 1_000)


def test_good_tokens_are_given_as_they_are() -> None:
    pool = Pool()
    live = LiveTokens(OLD, pool.refresh, lambda: pool.now)
    pool.now = 1_000.0 - RENEW_BEFORE
    assert (live(), live.current()) == ("id-1", OLD)
    assert pool.refreshed == 0


def test_both_tokens_come_of_one_refresh() -> None:
    pool = Pool()
    live = LiveTokens(OLD, pool.refresh, lambda: pool.now)
    pool.now = 2_000.0
    assert (live(), live.current().access_token, live()) == ("id-2", "access-2", "id-2")
    pool.now = 4_000.0
    assert live.current().access_token == "access-3"


def test_threads_that_come_at_once_refresh_once() -> None:
    pool = Pool()
    pool.now = 2_000.0
    live = LiveTokens(OLD, pool.refresh, lambda: pool.now)
    with ThreadPoolExecutor(8) as threads:
        assert {done.result() for done in [threads.submit(live) for _ in range(50)]} == {"id-2"}
    assert pool.refreshed == 1
