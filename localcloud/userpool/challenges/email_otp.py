"""EMAIL_OTP: a code by mail, in place of a password or behind one."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.accounts.account import check_without_password
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import second_factors, sign_in_codes


class EmailOtp:
    """Asked as the first factor that was chosen, or as the second. For an unknown user no code is right."""

    name = "EMAIL_OTP"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until it is proven."""
        return s.asks_first(self.name) or second_factors.asked(s) == self.name

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Send the code."""
        return sign_in_codes.send(ctx, s, "email")

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Use the code up, and only then say whether this user may sign in."""
        code = sign_in_codes.required(answer.get("EMAIL_OTP_CODE"), "EMAIL_OTP_CODE")
        user = sign_in_codes.take(ctx, s, "email", code)
        if s.first_proven:
            return s.passing_second(user=user)
        check_without_password(ctx, user)
        return s.proving(self.name, user=user)
