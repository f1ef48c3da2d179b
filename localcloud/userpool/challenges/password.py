"""PASSWORD: the password itself, in a choice-based sign-in; and the one check of a password that is sent."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.accounts.account import check_may_sign_in
from localcloud.userpool.attempt import SignIn, refused_password, shown_name, sub_of
from localcloud.userpool.factors.passwords import adopt, is_right
from localcloud.userpool.factors.sign_in_codes import required
from localcloud.userpool.limits import lock_out


class Password:
    """Asked where it was chosen."""

    name = "PASSWORD"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until it is proven."""
        return s.asks_first(self.name)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Nothing to say."""
        return s, {"USERNAME": shown_name(ctx, s)}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check it."""
        return prove(ctx, s, required(answer.get("PASSWORD"), "PASSWORD"))


def prove(ctx: Context, s: SignIn, password: str) -> SignIn:
    """The sign-in with its password proven. Raises NotAuthorizedException, and what `check_may_sign_in` does."""
    sub = sub_of(ctx, s)
    lock_out.check(ctx, s.pool.id, sub, lock_out.PASSWORD)
    right = is_right(ctx, s.pool, s.user, password, s.username)
    lock_out.settle(ctx, s.pool.id, sub, lock_out.PASSWORD, right=right)
    if not right:
        raise refused_password(s)
    check_may_sign_in(ctx, s.known_user)
    return s.proving("PASSWORD", user=adopt(ctx, s.pool, s.known_user, password))
