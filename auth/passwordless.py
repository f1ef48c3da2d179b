"""Sign-in by a code or a link that is sent by mail: the app's half of `triggers/challenges`, as a generator.

    InitiateAuth(CUSTOM_AUTH) ─► choose ─► one_time_code or magic_link ─► tokens
                                                  ▲        └─► the same again, while the answer is wrong

It yields what `sign_in.py` does. The session that a link belongs to never leaves this process: a link that comes from
anywhere else has no use here, and one of ours none anywhere else.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from auth.attempt import Ask, Attempt, Response, Steps
from auth.errors import ChallengeUnsupported
from auth.models import SignedIn, Tokens


def sign_in_without_password(
    client_id: str, user_pool_id: str, username: str, kind: str, *, now: Callable[[], float] = time.time
) -> Steps[SignedIn]:
    """Sign in by `one_time_code` or `magic_link`. Raises ChallengeUnsupported, and what is thrown in."""
    attempt = Attempt(client_id, user_pool_id, username, "", None, secrets.token_bytes, now)
    response = yield from attempt.call(
        "InitiateAuth", ClientId=client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=attempt.identify()
    )
    while not response.get("AuthenticationResult"):
        response = yield from _answer(attempt, response, kind)
    # Cognito tracks no device in this flow. Source: aws-amplify/amplify-js#14909.
    return SignedIn(Tokens.read(response["AuthenticationResult"], now()), None)


def _answer(attempt: Attempt, response: Response, kind: str) -> Steps[Response]:
    parameters: Mapping[str, str] = response.get("ChallengeParameters") or {}
    asked = parameters.get("challenge", "")
    if response.get("ChallengeName") != "CUSTOM_CHALLENGE" or asked not in ("choose", kind):
        raise ChallengeUnsupported(f"the service asks for {asked or response.get('ChallengeName')}, not for {kind}")
    if asked == "choose" and kind not in parameters.get("kinds", "").split(","):
        raise ChallengeUnsupported(f"this backend signs nobody in by {kind}")
    given = kind if asked == "choose" else (yield Ask(kind))
    extra: dict[str, Any] = {"ClientMetadata": {"kind": kind}} if asked == "choose" else {}
    return (
        yield from attempt.call(
            "RespondToAuthChallenge",
            ClientId=attempt.client_id,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=attempt.session,
            ChallengeResponses=attempt.identify() | {"ANSWER": given},
            **extra,
        )
    )
