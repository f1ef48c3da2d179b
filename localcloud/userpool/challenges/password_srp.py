"""PASSWORD_SRP: a choice-based sign-in is about to prove the password, and the client speaks first."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.attempt import SignIn, shown_name
from localcloud.userpool.challenges.password_verifier import read_srp_a


class PasswordSrp:
    """Asked where it was chosen without an A."""

    name = "PASSWORD_SRP"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the client has sent its A."""
        return s.asks_first(self.name)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Nothing to say yet."""
        return s, {"USERNAME": shown_name(ctx, s)}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Take the client's A."""
        return s.choosing("PASSWORD_VERIFIER", a_public=read_srp_a(answer))
