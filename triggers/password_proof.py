"""A password that Cognito itself checks, with its lock-out, and that no function of ours ever sees.

Cognito asks whoever has a second factor for it right behind the password, also in CUSTOM_AUTH, and calls no trigger in
between (aws-amplify/amplify-js#3876). So the app proves the password by SRP, as in any sign-in, but hands the proof to
our challenge, and we hand it on: what Cognito asks next says that it was right.
"""

from __future__ import annotations

from collections.abc import Mapping

from triggers.aws import user_pools
from triggers.trigger import Event

PARTS = ("PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP")
"""What an answer to PASSWORD_VERIFIER holds."""

_SECOND_FACTORS = ("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP", "SELECT_MFA_TYPE")


def is_given(event: Event, proof: Mapping[str, str]) -> bool:
    """Whether the proof is that of the event's user, and Cognito goes on to ask for a second factor.

    False for whoever has none: there is nothing to reset.
    """
    pools, client_id, username = user_pools(), event["callerContext"]["clientId"], event["userName"]
    failures = pools.exceptions
    try:
        answer = pools.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={"USERNAME": username, **{part: proof[part] for part in PARTS}},
        )
    except (
        failures.NotAuthorizedException,
        failures.InvalidParameterException,
        failures.PasswordResetRequiredException,
        failures.UserNotConfirmedException,
        failures.UserNotFoundException,
    ):
        return False
    if tokens := answer.get("AuthenticationResult"):
        pools.revoke_token(ClientId=client_id, Token=tokens["RefreshToken"])
        return False
    # Attack: a proof of one's own password, to reset somebody else.
    whose = answer.get("ChallengeParameters", {}).get("USER_ID_FOR_SRP")
    return answer["ChallengeName"] in _SECOND_FACTORS and whose == username
