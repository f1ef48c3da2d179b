"""Challenge sessions: sealed, bound to client, user and challenge, short-lived, and good for one right answer."""

from __future__ import annotations

from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import ChallengeSession

MAX_FAILURES = 5
"""Wrong answers that one session takes. Attack: guessing a six-digit code with one session for as long as it lives."""


def issue(ctx: Context, challenge: str, client_id: str, seconds: int, state: dict[str, Any]) -> str:
    """A session for a challenge of this client; `state` is what `open_session` gives back."""
    session_id = ctx.cloud.random(16).hex()
    return ctx.cloud.sealer.seal("session", [session_id, challenge, client_id, ctx.now + seconds, state])


def open_session(ctx: Context, text: str, challenge: str, client_id: str) -> tuple[str, dict[str, Any]]:
    """The id and state of a session that was issued for this challenge and client and is not spent.

    Raises NotAuthorizedException. Attacks: a made-up session, one of another client, user or challenge, an old one, a
    used one. Every local peer accepts at least one of these.
    """
    opened = ctx.cloud.sealer.open("session", text)
    if opened is None:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    session_id, issued_for, issued_to, expires, state = opened
    if issued_for != challenge or issued_to != client_id:
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    if ctx.now > expires:
        raise AwsError("NotAuthorizedException", "Invalid session for the user, session is expired.")
    known = ctx.store.get(ChallengeSession, session_id)
    if known is not None and (known.spent or known.failures >= MAX_FAILURES):
        raise AwsError("NotAuthorizedException", "Invalid session for the user, session can only be used once.")
    return session_id, state


def issued_for(ctx: Context, text: str) -> str:
    """The challenge that a session was issued for; empty for a made-up one."""
    opened = ctx.cloud.sealer.open("session", text)
    return str(opened[1]) if opened else ""


def owner_of(ctx: Context, text: str) -> tuple[str, str] | None:
    """The client and user of a session, spent or not; None for a made-up one."""
    opened = ctx.cloud.sealer.open("session", text)
    return (str(opened[2]), str(opened[4].get("sub", ""))) if opened else None


def client_of(ctx: Context, text: str) -> str:
    """The client that a session was issued to, for the calls that do not name it; empty for a made-up one."""
    opened = ctx.cloud.sealer.open("session", text)
    return str(opened[2]) if opened else ""


def spend(ctx: Context, session_id: str) -> None:
    """Mark a session as used. Of two answers that race, exactly one gets through; the other gets the error."""
    with ctx.store.transaction():
        known = ctx.store.get(ChallengeSession, session_id)
        if known is not None and (known.spent or known.failures >= MAX_FAILURES):
            raise AwsError("NotAuthorizedException", "Invalid session for the user, session can only be used once.")
        _remember(ctx, session_id, known, spent=True)


def fail(ctx: Context, session_id: str) -> None:
    """Count a wrong answer."""
    with ctx.store.transaction():
        known = ctx.store.get(ChallengeSession, session_id)
        _remember(ctx, session_id, known, failures=(known.failures if known else 0) + 1)


def _remember(ctx: Context, session_id: str, known: ChallengeSession | None, **changes: Any) -> None:
    # Longer than any session lives (AuthSessionValidity is 15 minutes at most), so forgetting it frees nobody's replay.
    base = known or ChallengeSession(session_id, expires=ctx.now + 3600)
    ctx.store.put(replaced(base, **changes))
