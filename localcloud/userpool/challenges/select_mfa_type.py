"""SELECT_MFA_TYPE: a user with several second factors, and none that it prefers, says which to ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import second_factors


class SelectMfaType:
    """Asked where there is a choice to be made."""

    name = "SELECT_MFA_TYPE"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until one of several is chosen."""
        return second_factors.is_open(s) and not second_factors.asked(s) and bool(second_factors.usable(s))

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Which ones there are."""
        factors = second_factors.usable(s)
        return s, {"USER_ID_FOR_SRP": s.known_user.username, "MFAS_CAN_CHOOSE": json.dumps(factors)}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Take the choice. Attack: choosing what the user does not have, so that nothing is asked."""
        if answer.get("ANSWER") not in second_factors.usable(s):
            raise AwsError("InvalidParameterException", "ANSWER must be one of MFAS_CAN_CHOOSE.")
        return s.choosing(answer["ANSWER"])
