"""Recovery codes: made and counted through the API, and used up, with the password, to reset a lost second factor.

    InitiateAuth(USER_SRP_AUTH) ─► PASSWORD_VERIFIER, whose answer is the proof of the password
    InitiateAuth(CUSTOM_AUTH) ─► choose ─► recovery_code, answered with a code and that proof ─► recovered

No tokens come of it: the app's half of `triggers/challenges/recovery_code.py`, as a generator.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping

from auth import api
from auth.attempt import Attempt, Response, Steps
from auth.errors import ChallengeUnsupported, NotAuthorized
from auth.models import Tokens
from auth.settings import Settings

KIND = "recovery_code"
_PATH = "/me/recovery-codes"


def make_recovery_codes(settings: Settings, tokens: Tokens) -> list[str]:
    """Ten new codes, in place of any others; nobody can read them again.

    Raises StepUpRequired unless the sign-in is new, ResourceNotFound where the stack has none, NotAuthorized, ….
    """
    match api.call(settings, tokens, "POST", _PATH):
        case {"codes": [*codes]}:
            return [str(code) for code in codes]
    raise api.unreadable()


def count_recovery_codes(settings: Settings, tokens: Tokens) -> int:
    """How many codes are left. Raises as `make_recovery_codes`."""
    match api.call(settings, tokens, "GET", _PATH):
        case {"left": int(left)}:
            return left
    raise api.unreadable()


def reset_second_factor(
    client_id: str,
    user_pool_id: str,
    username: str,
    password: str,
    code: str,
    *,
    now: Callable[[], float] = time.time,
) -> Steps[None]:
    """Use up a code. Raises NotAuthorized if it or the password is wrong, or there is no factor to reset."""
    proof = yield from _prove(Attempt(client_id, user_pool_id, username, password, None, secrets.token_bytes, now))
    attempt = Attempt(client_id, user_pool_id, username, "", None, secrets.token_bytes, now, {"kind": KIND})
    asked = yield from attempt.call(
        "InitiateAuth", ClientId=client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=attempt.identify()
    )
    if KIND not in _parameters(asked).get("kinds", "").split(","):
        raise ChallengeUnsupported("this backend has no recovery codes")
    for answer in (KIND, json.dumps({"code": code, **proof})):
        asked = yield from attempt.respond("CUSTOM_CHALLENGE", ANSWER=answer)
    if _parameters(asked).get("challenge") != "recovered":
        raise NotAuthorized("the recovery code or the password is wrong, or there is no second factor to reset")


def _prove(attempt: Attempt) -> Steps[dict[str, str]]:
    """What answers PASSWORD_VERIFIER: good for this user alone, and the password is not in it."""
    asked = yield from attempt.call(
        "InitiateAuth",
        ClientId=attempt.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters=attempt.identify() | {"SRP_A": attempt.begin_handshake()},
    )
    return attempt.prove_password(_parameters(asked))


def _parameters(response: Response) -> Mapping[str, str]:
    parameters: Mapping[str, str] = response.get("ChallengeParameters") or {}
    return parameters
