"""Codes that are sent to a user: kept as a keyed digest, with a life and a limit of wrong guesses."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import User
from localcloud.userpool.sign_in_state import Code

MAX_FAILURES = 5
LIFETIME = {"signup": 86_400, "attribute": 86_400, "forgot": 3_600}
"""Seconds. Source: Cognito developer guide, "Quotas", validity of codes."""


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that is about to be sent: it counts once it is kept, and the one before it until then."""

    text: str
    entity: Code


def make(
    ctx: Context, user: User, purpose: str, address: str, *, digits: int = 6, seconds: int | None = None
) -> NewCode:
    """A new code for this user, `signup`, `forgot`, `sign-in` or `attribute:NAME`.

    It counts for `seconds`, or as long as its purpose says.
    """
    number = int.from_bytes(ctx.cloud.random(8), "big") % 10**digits
    code = f"{number:0{digits}}"
    expires = ctx.now + (LIFETIME[purpose.split(":")[0]] if seconds is None else seconds)
    digest = _digest(ctx, user, purpose, address, code)
    return NewCode(code, Code(user.pool_id, user.sub, purpose, digest, expires))


def keep(ctx: Context, code: NewCode) -> None:
    """Let a code count, in place of the one before it."""
    ctx.store.put(code.entity)


def take(ctx: Context, user: User, purpose: str, address: str, code: str) -> None:
    """Use up a code that was sent to this address. Raises CodeMismatch-, ExpiredCode- or LimitExceededException.

    Of two uses that race, one wins. Attack: guessing; after five wrong ones the code is void, right or not.
    """
    with ctx.store.transaction():
        kept = ctx.store.get(Code, user.pool_id, user.sub, purpose)
        if kept is None or ctx.now > kept.expires:
            raise AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")
        if kept.failures >= MAX_FAILURES:
            raise AwsError("LimitExceededException", "Attempt limit exceeded, please try after some time.")
        matches = hmac.compare_digest(kept.digest, _digest(ctx, user, purpose, address, code))
        if matches:
            ctx.store.delete(Code, user.pool_id, user.sub, purpose)
        else:
            ctx.store.put(replaced(kept, failures=kept.failures + 1))
    if not matches:
        raise mismatch()


def mismatch() -> AwsError:
    """The one answer to a wrong code."""
    return AwsError("CodeMismatchException", "Invalid verification code provided, please try again.")


def _digest(ctx: Context, user: User, purpose: str, address: str, code: str) -> str:
    """Attack: a code that was sent to one's own address, used to verify somebody else's: the address is part of it."""
    return ctx.cloud.sealer.digest("code", user.pool_id, user.sub, purpose, address, code)
