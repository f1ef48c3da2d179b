"""CUSTOM_AUTH: the triggers choose what is asked, and when there are tokens.

Source: Cognito developer guide, "Define auth challenge Lambda trigger", "Custom authentication flow".
"""

from __future__ import annotations

import dataclasses

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import triggers
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.account import check_after_triggers
from localcloud.userpool.attempt import SignIn, wrong_password

CUSTOM, VERIFIER = "CUSTOM_CHALLENGE", "PASSWORD_VERIFIER"


def begin(s: SignIn, a_public: str = "") -> SignIn:
    """A sign-in whose triggers are to be asked; with the client's A, the password comes before all else."""
    if "DefineAuthChallenge" not in s.pool.triggers:
        raise AwsError("InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool.")
    return with_result(s, "SRP_A").noting(a_public=a_public) if a_public else s


def is_open(s: SignIn) -> bool:
    """Whether the triggers have to say how to go on."""
    return s.flow == "CUSTOM_AUTH" and s.first_proven != "CUSTOM" and not s.chosen


def decide(ctx: Context, s: SignIn) -> SignIn:
    """Ask the define trigger: the sign-in with the challenge that it chose, or with the triggers' word that it is over.

    Raises NotAuthorizedException where it fails the sign-in, and InvalidLambdaResponseException for a challenge that
    cannot be asked now.
    """
    decision = triggers.define_auth_challenge(ctx, s.pool, s.client, s.username, s.user, s.rounds, s.metadata)
    # Attack: a trigger that lets in a name that nobody has: the end needs a user.
    if decision.fail_authentication or (decision.issue_tokens and s.user is None):
        auth_events.failed(ctx, s)
        raise wrong_password()
    if decision.issue_tokens:
        check_after_triggers(ctx, s.known_user)
        return s.proving("CUSTOM")
    if decision.challenge == CUSTOM or (
        decision.challenge == VERIFIER and not s.first_proven and "a_public" in s.notes
    ):
        return s.choosing(decision.challenge)
    raise AwsError("InvalidLambdaResponseException", "Invalid lambda function output : challengeName")


def with_result(s: SignIn, challenge: str, passed: bool = True, metadata: str | None = None) -> SignIn:
    """The sign-in with the result of a challenge, as the triggers see it; other flows keep none."""
    if s.flow != "CUSTOM_AUTH":
        return s
    result = {"challengeName": challenge, "challengeResult": passed, "challengeMetadata": metadata}
    return dataclasses.replace(s, rounds=[*s.rounds, result])
