"""SMS_MFA: a code by text message, behind a password."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import second_factors, sign_in_codes


class SmsMfa:
    """Asked where the second factor is the user's phone number."""

    name = "SMS_MFA"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the second factor, or a remembered device in its place, is proven."""
        return second_factors.asked(s) == self.name

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Send the code."""
        return sign_in_codes.send(ctx, s, "phone_number")

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Use the code up; the number counts as verified from now on."""
        code = sign_in_codes.required(answer.get("SMS_MFA_CODE"), "SMS_MFA_CODE")
        return s.passing_second(user=sign_in_codes.take(ctx, s, "phone_number", code))
