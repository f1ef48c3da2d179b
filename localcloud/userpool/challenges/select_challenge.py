"""SELECT_CHALLENGE: the user of a choice-based sign-in says what to begin with, and may answer that at once.

The answer may name the challenge itself, `PASSWORD` or `PASSWORD_SRP`, as well as this one with `ANSWER`.
Source: API reference, RespondToAuthChallenge; Cognito developer guide, "Authentication flows".
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.attempt import Challenge, SignIn, shown_name, wrong_password
from localcloud.userpool.challenges.password import Password
from localcloud.userpool.challenges.password_srp import PasswordSrp
from localcloud.userpool.factors import first_factors

_AT_ONCE: Mapping[str, tuple[Challenge, str]] = {
    "PASSWORD": (Password(), "PASSWORD"),
    "PASSWORD_SRP": (PasswordSrp(), "SRP_A"),
}
"""Challenges that this answer may answer as well, and the parameter that does."""


class SelectChallenge:
    """Asked first in USER_AUTH, unless a challenge was preferred that this user can be asked."""

    name = "SELECT_CHALLENGE"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until a first factor is chosen."""
        return s.flow == "USER_AUTH" and s.asks_first("")

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """The answer's `AvailableChallenges` say what there is. Raises NotAuthorizedException where nothing is."""
        if not first_factors.available(ctx, s):
            raise wrong_password()
        return s, {"USERNAME": shown_name(ctx, s)}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Take the choice."""
        return begin(ctx, s, answer.get("ANSWER", ""), answer)


def begin(ctx: Context, s: SignIn, factor: str, answer: Mapping[str, str]) -> SignIn:
    """The sign-in with this factor chosen, and answered where the answer is there. Raises InvalidParameterException."""
    if factor not in first_factors.available(ctx, s):
        raise AwsError("InvalidParameterException", "ANSWER must be one of the available challenges.")
    s = s.choosing(factor)
    if factor not in _AT_ONCE:
        return s
    challenge, parameter = _AT_ONCE[factor]
    return challenge.verify(ctx, s, answer) if answer.get(parameter) else s
