"""SOFTWARE_TOKEN_MFA: a code of the user's authenticator app; each code counts once."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import second_factors, totp
from localcloud.userpool.limits import lock_out
from localcloud.userpool.models import User


class SoftwareTokenMfa:
    """Asked where the second factor is the user's authenticator app."""

    name = "SOFTWARE_TOKEN_MFA"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the second factor, or a remembered device in its place, is proven."""
        return second_factors.asked(s) == self.name

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """No more than whose code is wanted."""
        return s, {"USER_ID_FOR_SRP": s.known_user.username}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check the code. Raises CodeMismatchException, or ExpiredCodeException for one that was used before."""
        code = answer.get("SOFTWARE_TOKEN_MFA_CODE")
        if not code:
            raise AwsError("InvalidParameterException", "Missing required parameter SOFTWARE_TOKEN_MFA_CODE")
        sub = s.known_user.sub
        lock_out.check(ctx, s.pool.id, sub, lock_out.CODE)
        try:
            user = use_code(ctx, s.known_user, s.known_user.totp_secret, code, "CodeMismatchException")
        except AwsError as error:
            if error.code == "CodeMismatchException":
                lock_out.settle(ctx, s.pool.id, sub, lock_out.CODE, right=False)
            raise
        lock_out.settle(ctx, s.pool.id, sub, lock_out.CODE, right=True)
        update_user(ctx, s.pool, sub, lambda kept: _with_step(kept, user.totp_last_step))
        return s.passing_second(user=user)


def use_code(ctx: Context, user: User, secret: str, code: str, mismatch: str) -> User:
    """The user with this code used up. Raises AwsError with code `mismatch`, or ExpiredCodeException."""
    step = totp.matching_step(secret, code, ctx.now) if secret else None
    if step is None:
        raise AwsError(mismatch, "Invalid code received for user")
    return _with_step(user, step)


def _with_step(user: User, step: int) -> User:
    # Attack: a code read over someone's shoulder, or two sign-ins that race with one code.
    if step <= user.totp_last_step:
        raise AwsError("ExpiredCodeException", "Your software token has already been used once.")
    return replaced(user, totp_last_step=step)
