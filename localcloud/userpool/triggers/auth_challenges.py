"""The three triggers of CUSTOM_AUTH."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.triggers.answer import read_flag, read_strings, read_text
from localcloud.userpool.triggers.call import attributes_of, call, function_of


@dataclass(frozen=True, slots=True)
class AuthDecision:
    """What a define auth challenge trigger decides: the next challenge, tokens, or the end."""

    challenge: str
    issue_tokens: bool
    fail_authentication: bool


@dataclass(frozen=True, slots=True)
class AuthQuestion:
    """What a create auth challenge trigger makes; `private` never leaves the server."""

    public: Mapping[str, str]
    private: Mapping[str, str]
    metadata: str


def define_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    rounds: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
) -> AuthDecision:
    """Ask what follows in a CUSTOM_AUTH. `user` is None for a name that nobody has; `rounds` are the results so far."""
    request = _of_sign_in(client, user, metadata, session=list(rounds))
    defaults = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    answer = _of_custom_auth(ctx, pool, client, "DefineAuthChallenge", username, user, request, defaults)
    flags = (read_flag(answer, name) for name in ("issueTokens", "failAuthentication"))
    return AuthDecision(read_text(answer, "challengeName"), *flags)


def create_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    rounds: Sequence[Mapping[str, Any]],
    metadata: Mapping[str, str],
) -> AuthQuestion:
    """Ask for the question of a CUSTOM_CHALLENGE."""
    request = _of_sign_in(client, user, metadata, challengeName="CUSTOM_CHALLENGE", session=list(rounds))
    public, private, name = "publicChallengeParameters", "privateChallengeParameters", "challengeMetadata"
    defaults = {public: None, private: None, name: None}
    answer = _of_custom_auth(ctx, pool, client, "CreateAuthChallenge", username, user, request, defaults)
    return AuthQuestion(read_strings(answer, public), read_strings(answer, private), read_text(answer, name))


def verify_auth_challenge(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    username: str,
    user: User | None,
    private: Mapping[str, str],
    given: str,
    metadata: Mapping[str, str],
) -> bool:
    """Ask whether the answer to a CUSTOM_CHALLENGE is right."""
    request = _of_sign_in(client, user, metadata, privateChallengeParameters=dict(private), challengeAnswer=given)
    defaults = {"answerCorrect": None}
    answer = _of_custom_auth(ctx, pool, client, "VerifyAuthChallengeResponse", username, user, request, defaults)
    return read_flag(answer, "answerCorrect")


def _of_sign_in(client: AppClient, user: User | None, metadata: Mapping[str, str], **about: Any) -> dict[str, Any]:
    """What the three triggers of CUSTOM_AUTH are told alike. Without its being hidden, nobody unknown comes here."""
    return {
        "userAttributes": attributes_of(user) if user else {},
        **about,
        **({"clientMetadata": dict(metadata)} if metadata else {}),
        **({"userNotFound": user is None} if client.hides_users else {}),
    }


def _of_custom_auth(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    name: str,
    username: str,
    user: User | None,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Call one of the three triggers of CUSTOM_AUTH. Raises InvalidUserPoolConfigurationException without it."""
    if not function_of(pool, name):
        raise AwsError("InvalidUserPoolConfigurationException", f"The user pool has no {name} trigger.")
    named = user.username if user else username
    return call(ctx, pool, name, f"{name}_Authentication", client.id, named, request, response)
