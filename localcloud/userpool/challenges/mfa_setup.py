"""MFA_SETUP: where MFA is ON, a user without a second factor sets one up before it gets tokens.

The client sends this challenge's session to AssociateSoftwareToken, that one's to VerifySoftwareToken, and that one's
back here; each step is written into the session it returns.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.account import needs_mfa
from localcloud.userpool.attempt import SignIn


class MfaSetup:
    """Asked where a second factor is needed and the user has none."""

    name = "MFA_SETUP"
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until an authenticator app is enrolled, whatever else the sign-in has shown."""
        return needs_mfa(s.pool, s.known_user) and not s.mfa_proven and not s.known_user.totp_secret

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Which factors can be set up."""
        return s, {"USER_ID_FOR_SRP": s.known_user.username, "MFAS_CAN_SETUP": json.dumps(["SOFTWARE_TOKEN_MFA"])}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Only the session that VerifySoftwareToken returned counts. Attack: answering without setting anything up."""
        if s.notes.get("totp_verified") != "yes":
            raise AwsError("InvalidParameterException", "The software token of this session is not verified.")
        return dataclasses.replace(s, mfa_proven=True, notes={})
