"""MFA_SETUP: where MFA is ON, a user without a second factor sets one up before it gets tokens.

For an authenticator app, the client sends this challenge's session to AssociateSoftwareToken, that one's to
VerifySoftwareToken, and that one's back here; each step is written into the session it returns. For codes by mail it
answers with an address, which is asked for its first code at once. A phone number cannot be set up here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts import attributes
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import second_factors


class MfaSetup:
    """Asked where a second factor is needed and the user has none."""

    name = "MFA_SETUP"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until there is one, whatever else the sign-in has shown."""
        return second_factors.is_open(s) and not s.chosen and not second_factors.usable(s)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Which factors can be set up. Raises InvalidUserPoolConfigurationException where none can be."""
        factors = second_factors.to_set_up(s.pool, s.known_user)
        if not factors:
            raise AwsError(
                "InvalidUserPoolConfigurationException",
                "The user has no second factor, and the pool has none to set up.",
            )
        return s, {"USER_ID_FOR_SRP": s.known_user.username, "MFAS_CAN_SETUP": json.dumps(factors)}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Only the session that VerifySoftwareToken returned counts. Attack: answering without setting anything up."""
        if s.notes.get("totp_verified") == "yes":
            return s.passing_second()
        if answer.get("email") and second_factors.EMAIL in second_factors.to_set_up(s.pool, s.known_user):
            attributes.check(s.pool, {"email": answer["email"]})
            return s.choosing(second_factors.EMAIL, **{"new:email": answer["email"]})
        raise AwsError("InvalidParameterException", "The software token of this session is not verified.")
