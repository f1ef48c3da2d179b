"""Who has tried too often waits: after wrong passwords and sign-in codes longer and longer, after others for an hour.

Source: Cognito developer guide, "Lockout behavior for failed sign-in attempts", "Adding MFA to a user pool" and "Forgot
password behavior".
"""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import User
from localcloud.userpool.sign_in_state import Attempts

PASSWORD, CODE, CHANGE = "password", "code", "change"
"""What is guessed: the password or a code of a sign-in, or the old password in ChangePassword."""

FREE = 5
"""The wrong answer that the first lock-out follows, for one second; each further one doubles it."""

LONGEST = 900
"""Seconds: the longest lock-out, and how long nobody may try until all is forgotten."""

HOURLY = 20
"""Codes of one kind that a user may ask for or enter in an hour. AWS says between 5 and 20, by the risk it sees."""


def check(ctx: Context, pool_id: str, sub: str, what: str) -> None:
    """Raise the refusal of whoever is locked out; asked before an answer is looked at."""
    kept = _kept(ctx, pool_id, sub, what)
    if kept is not None and ctx.now < kept.until:
        # Only who does not try at all has the lock-out forgotten.
        ctx.store.put(replaced(kept, expires=ctx.now + LONGEST))
        raise _too_many(what)


def settle(ctx: Context, pool_id: str, sub: str, what: str, *, right: bool) -> None:
    """Count a wrong answer, or forget them all after a right one. Raises as `check` does.

    Attack: guessing a password for as long as it takes, also with many guesses at once: what comes out after a lock-out
    began is refused, right or not. Names that nobody has are counted alike, so that waiting tells nobody who exists.
    """
    with ctx.store.alone():
        kept = _kept(ctx, pool_id, sub, what)
        if kept is not None and ctx.now < kept.until:
            raise _too_many(what)
        if not right:
            failures = (kept.count if kept else 0) + 1
            seconds = min(2 ** (failures - FREE), LONGEST) if failures >= FREE else 0
            ctx.store.put(Attempts(pool_id, sub, what, failures, ctx.now + LONGEST, ctx.now + seconds))
        elif kept is not None:
            ctx.store.delete(Attempts, pool_id, sub, what)


def count(ctx: Context, user: User, what: str) -> None:
    """Count a code that is asked for or entered. Raises LimitExceededException where that was often enough.

    Attack: asking for a new code whenever the guesses of one are used up. A stand-in's are counted alike.
    """
    with ctx.store.alone():
        kept = _kept(ctx, user.pool_id, user.sub, what) or Attempts(user.pool_id, user.sub, what, 0, ctx.now + 3600)
        if kept.count >= HOURLY:
            raise too_often()
        ctx.store.put(replaced(kept, count=kept.count + 1))


def too_often() -> AwsError:
    """The refusal of one code too many."""
    return AwsError("LimitExceededException", "Attempt limit exceeded, please try after some time.")


def _too_many(what: str) -> AwsError:
    return too_often() if what == CHANGE else AwsError("NotAuthorizedException", "Password attempts exceeded")


def _kept(ctx: Context, pool_id: str, sub: str, what: str) -> Attempts | None:
    kept = ctx.store.get(Attempts, pool_id, sub, what)
    return kept if kept is not None and ctx.now < kept.expires else None
