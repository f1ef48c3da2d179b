"""Which sign-in a round of CUSTOM_AUTH belongs to, and what it asks: kept in `challengeMetadata`, for triggers alone.

Cognito's events have no id of their own. This one is how a second run of a trigger knows that it is one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triggers.challenges import CHOOSE, KINDS, RECOVERED, RECOVERY
from triggers.errors import deny

MOST_WRONG = 3
"""Wrong answers, after which a sign-in is over and its secret counts no more."""

Rounds = Sequence[Mapping[str, Any]]
"""`session` of an event: the rounds so far, with `challengeName`, `challengeResult`, `challengeMetadata`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: CHOOSE, RECOVERED or the name of a kind, of the sign-in with this id, 128 random bits."""

    kind: str
    attempt: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.attempt}"


def last_asked(rounds: Rounds) -> Asked:
    """The question of the last round. Refuses a round that none of ours was."""
    kind, _, attempt = str(rounds[-1].get("challengeMetadata") or "").partition(":")
    ours = kind in (CHOOSE, *KINDS, RECOVERY, RECOVERED) and attempt
    if rounds[-1]["challengeName"] != "CUSTOM_CHALLENGE" or not ours:
        deny("this way to sign in is not served here")
    return Asked(kind, attempt)


def to_ask(rounds: Rounds, wanted: str) -> Asked:
    """The next question; `wanted` is the kind that the app named. Refuses a kind that is not offered."""
    if not rounds:
        return Asked(CHOOSE, secrets.token_urlsafe(16))
    last = last_asked(rounds)
    if last.kind == RECOVERY and rounds[-1]["challengeResult"] is True:
        return Asked(RECOVERED, last.attempt)
    # Attack: naming another kind after each wrong answer, for tries or mails without end.
    kind = wanted if last.kind == CHOOSE else last.kind
    if kind not in offered():
        deny("choose a kind that is offered")
    return Asked(kind, last.attempt)


def offered() -> list[str]:
    """The kinds that this stack has (environment: RECOVERY_CODES, and what theirs say)."""
    mailed = [name for name, kind in KINDS.items() if kind.is_offered()]
    return [*mailed, RECOVERY] if os.environ["RECOVERY_CODES"] == "true" else mailed
