"""Challenge sessions: sealed, bound to client, user and challenge, short-lived, and good for one right answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.sign_in_state import ChallengeSession, KeptState

MAX_FAILURES = 5
"""Wrong answers that one session takes. Attack: guessing a six-digit code with one session for as long as it lives."""

MAX_LENGTH = 2048
"""Characters of a session that a client can send back. Source: API reference, RespondToAuthChallenge, Session."""

_lock = threading.Lock()
_answered_now: set[str] = set()
"""Sessions by their ids, which are random: those of all clouds of this process."""


@dataclass(frozen=True, slots=True)
class SealedSession:
    """A session as it was sealed: `state` is what the sign-in engine wants to know again."""

    id: str
    challenge: str
    client_id: str
    expires: float
    state: dict[str, Any]


def issue(
    ctx: Context, challenge: str, client_id: str, expires: float, state: dict[str, Any], most: int = MAX_LENGTH
) -> str:
    """A session for a challenge of this client, good until `expires`; what makes it too long stays here."""
    session_id = ctx.cloud.random(16).hex()
    ctx.store.note_absent(ChallengeSession, session_id)
    session = ctx.cloud.sealer.seal("session", [session_id, challenge, client_id, expires, state])
    if len(session) <= most:
        return session
    ctx.store.put(KeptState(session_id, state, expires))
    return ctx.cloud.sealer.seal("session", [session_id, challenge, client_id, expires, None])


def peek(ctx: Context, text: str) -> SealedSession | None:
    """What a session says, spent or not; None for a made-up one. Nothing may be decided on it alone."""
    opened = ctx.cloud.sealer.open("session", text)
    if opened is None:
        return None
    session = SealedSession(*opened)
    if session.state is not None:
        return session
    kept = ctx.store.get(KeptState, session.id)
    return replaced(session, state=kept.state) if kept else None


def open_session(ctx: Context, text: str, challenge: str, client_id: str) -> SealedSession:
    """A session that was issued for this challenge and client and is not spent. Raises NotAuthorizedException.

    Attacks: a made-up session, one of another client, user or challenge, an old one, a used one. Every local peer
    accepts at least one of these.
    """
    session = peek(ctx, text)
    if session is None or session.challenge != challenge or session.client_id != client_id:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    if ctx.now > session.expires:
        raise AwsError("NotAuthorizedException", "Invalid session for the user, session is expired.")
    _unspent(ctx, session.id)
    return session


@contextmanager
def answering(ctx: Context, session_id: str) -> Iterator[None]:
    """Hold a session for one answer; another that comes meanwhile is refused, and spends nothing.

    Attack: two answers at once, of which the one that is refused in the end has set its password nevertheless.
    """
    with _lock:
        if session_id in _answered_now:
            raise _used()
        _answered_now.add(session_id)
    try:
        _unspent(ctx, session_id)
        yield
    finally:
        _answered_now.discard(session_id)


def spend(ctx: Context, session_id: str) -> None:
    """Mark a session as used. Of two answers that race, exactly one gets through; the other gets the error."""
    with ctx.store.alone():
        _remember(ctx, session_id, _unspent(ctx, session_id), spent=True)


def fail(ctx: Context, session_id: str) -> None:
    """Count a wrong answer."""
    with ctx.store.alone():
        known = ctx.store.get(ChallengeSession, session_id)
        _remember(ctx, session_id, known, failures=(known.failures if known else 0) + 1)


def _unspent(ctx: Context, session_id: str) -> ChallengeSession | None:
    known = ctx.store.get(ChallengeSession, session_id)
    if known is not None and (known.spent or known.failures >= MAX_FAILURES):
        raise _used()
    return known


def _used() -> AwsError:
    return AwsError("NotAuthorizedException", "Invalid session for the user, session can only be used once.")


def _remember(ctx: Context, session_id: str, known: ChallengeSession | None, **changes: Any) -> None:
    # Longer than any session lives (AuthSessionValidity is 15 minutes at most), so forgetting it frees nobody's replay.
    base = known or ChallengeSession(session_id, expires=ctx.now + 3600)
    ctx.store.put(replaced(base, **changes))
