"""SMS_OTP: a code by text message in place of a password."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.accounts.account import check_without_password
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import sign_in_codes


class SmsOtp:
    """Asked where the user has chosen it. An unknown user is asked all the same, and no code is right."""

    name = "SMS_OTP"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until it is proven."""
        return s.asks_first(self.name)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Send the code."""
        return sign_in_codes.send(ctx, s, "phone_number")

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Use the code up, and only then say whether this user may sign in."""
        code = sign_in_codes.required(answer.get("SMS_OTP_CODE"), "SMS_OTP_CODE")
        user = sign_in_codes.take(ctx, s, "phone_number", code)
        check_without_password(ctx, user)
        return s.proving(self.name, user=user)
