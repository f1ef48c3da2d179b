"""What has expired is remembered for a day, so that its owner is told so, and then forgotten: nothing piles up."""

from __future__ import annotations

import pytest

from localcloud.housekeeping import KEPT_SECONDS, sweep
from localcloud.store import Store
from localcloud.userpool.models import KINDS
from localcloud.userpool.sign_in_state import ChallengeSession, Code, NewDevice

NOW = 1_800_000_000.0


def test_the_expired_go_after_a_day_and_the_others_stay() -> None:
    store = Store(None, KINDS)
    for number, expires in enumerate((NOW - KEPT_SECONDS - 1, NOW - KEPT_SECONDS + 1, NOW + 60)):
        store.put(ChallengeSession(f"session-{number}", expires))
        store.put(Code("pool", f"user-{number}", "signup", "digest", expires))
        store.put(NewDevice("pool", f"user-{number}", "key", "group", expires))
    assert sweep(store, KINDS, NOW) == 3
    assert [session.id for session in store.find(ChallengeSession)] == ["session-1", "session-2"]
    assert sweep(store, KINDS, NOW) == 0


def test_calls_take_their_turn_while_many_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(None, KINDS)
    store.insert_all(ChallengeSession, (ChallengeSession(f"session-{number}", 0.0) for number in range(1_200)))
    left: list[int] = []
    monkeypatch.setattr("localcloud.housekeeping.time.sleep", lambda _: left.append(store.count(ChallengeSession)))
    assert sweep(store, KINDS, NOW) == 1_200
    assert left == [700, 200, 0]
