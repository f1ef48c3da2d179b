"""Sign-in without a password: what the library sends, asks and refuses, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from auth.attempt import Ask, Call
from auth.errors import ChallengeUnsupported
from auth.passwordless import sign_in_without_password

CHOOSE = {"challenge": "choose", "kinds": "one_time_code,magic_link", "USERNAME": "a-sub"}


def asked(session: str, **parameters: str) -> dict[str, Any]:
    return {"ChallengeName": "CUSTOM_CHALLENGE", "Session": session, "ChallengeParameters": parameters}


def begin(kind: str = "one_time_code") -> tuple[Any, Any]:
    steps = sign_in_without_password("client", "us-east-1_pool", "ada@example.com", kind, now=lambda: 100.0)
    return steps, next(steps)


def test_the_kind_is_chosen_and_the_answer_sent_in_the_newest_session() -> None:
    steps, first = begin()
    assert first == Call(
        "InitiateAuth",
        {"ClientId": "client", "AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": "ada@example.com"}},
    )
    chosen = steps.send(asked("one", **CHOOSE))
    assert chosen.params["ClientMetadata"] == {"kind": "one_time_code"}
    assert chosen.params["ChallengeResponses"] == {"USERNAME": "a-sub", "ANSWER": "one_time_code"}
    assert steps.send(asked("two", challenge="one_time_code")) == Ask("one_time_code")
    wrong = steps.send("1")
    assert (wrong.params["Session"], wrong.params["ChallengeResponses"]["ANSWER"]) == ("two", "1")
    assert "ClientMetadata" not in wrong.params
    assert steps.send(asked("three", challenge="one_time_code")) == Ask("one_time_code")
    assert steps.send("2").params["Session"] == "three"
    with pytest.raises(StopIteration) as end:
        steps.send({"AuthenticationResult": {"AccessToken": "a", "IdToken": "i", "RefreshToken": "r", "ExpiresIn": 60}})
    assert (end.value.value.tokens.expires_at, end.value.value.device) == (160.0, None)


@pytest.mark.parametrize(
    "answer",
    [
        asked("s", challenge="choose", kinds="magic_link"),
        asked("s", challenge="choose"),
        asked("s", challenge="magic_link"),
        asked("s"),
        {"ChallengeName": "PASSWORD_VERIFIER", "Session": "s", "ChallengeParameters": CHOOSE},
    ],
)
def test_what_was_not_asked_for_is_refused(answer: dict[str, Any]) -> None:
    steps, _ = begin()
    with pytest.raises(ChallengeUnsupported):
        steps.send(answer)
