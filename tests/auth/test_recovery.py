"""A recovery code is used up with a proof of the password that passes the server's half of SRP. Codes come by API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from auth import api
from auth.attempt import Call
from auth.errors import ChallengeUnsupported, HandshakeFailed, NotAuthorized, ServiceUnreachable
from auth.models import Tokens
from auth.recovery import count_recovery_codes, make_recovery_codes, reset_second_factor
from auth.settings import Settings
from tests.auth.fake_pool import ServerHandshake, verifier_of

SUB, PASSWORD, CODE = "a-sub", "Correct-Horse-7", "ABCD-EFGH-JKMN-PQRS"
SETTINGS, TOKENS = Settings(region="eu-west-1"), Tokens("access", "id", None, 0.0)


def asked(session: str, **parameters: str) -> dict[str, Any]:
    return {"ChallengeName": "CUSTOM_CHALLENGE", "Session": session, "ChallengeParameters": parameters}


def proven(password: str = PASSWORD) -> tuple[Any, Call, ServerHandshake]:
    """The steps up to CUSTOM_AUTH."""
    steps: Any = reset_second_factor("client", "eu-west-1_pool", "ada@example.com", password, CODE, now=lambda: 100.0)
    first = next(steps)
    assert isinstance(first, Call)
    about = first.params["AuthParameters"]
    assert (first.operation, first.params["AuthFlow"]) == ("InitiateAuth", "USER_SRP_AUTH")
    server = ServerHandshake(7, verifier_of(7, f"pool{SUB}", PASSWORD), about["SRP_A"])
    challenge = {"USERNAME": SUB, "USER_ID_FOR_SRP": SUB, **server.challenge()}
    return steps, steps.send({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": challenge}), server


def test_the_code_goes_with_a_proof_and_the_password_with_nothing() -> None:
    steps, begun, server = proven()
    assert begun.params["AuthParameters"] == {"USERNAME": "ada@example.com"}
    assert (begun.operation, begun.params["AuthFlow"]) == ("InitiateAuth", "CUSTOM_AUTH")
    chosen = steps.send(asked("one", challenge="choose", kinds="one_time_code,recovery_code", USERNAME=SUB))
    assert (chosen.params["Session"], chosen.params["ClientMetadata"]) == ("one", {"kind": "recovery_code"})
    assert chosen.params["ChallengeResponses"] == {"USERNAME": SUB, "ANSWER": "recovery_code"}
    answered = steps.send(asked("two", challenge="recovery_code"))
    given: dict[str, str] = json.loads(answered.params["ChallengeResponses"]["ANSWER"])
    assert (answered.params["Session"], given.pop("code")) == ("two", CODE)
    assert server.accepts(f"pool{SUB}", given)
    assert PASSWORD not in str([begun, chosen, answered])
    with pytest.raises(StopIteration) as end:
        steps.send(asked("three", challenge="recovered"))
    assert end.value.value is None


def test_what_is_asked_again_was_wrong() -> None:
    steps, _, _ = proven("Wrong-Horse-7")
    steps.send(asked("one", challenge="choose", kinds="recovery_code"))
    steps.send(asked("two", challenge="recovery_code"))
    with pytest.raises(NotAuthorized):
        steps.send(asked("three", challenge="recovery_code"))


@pytest.mark.parametrize("kinds", ["one_time_code,magic_link", "", "no_recovery_code"])
def test_a_backend_without_codes_is_told_no_code(kinds: str) -> None:
    steps, _, _ = proven()
    with pytest.raises(ChallengeUnsupported):
        steps.send(asked("one", challenge="choose", kinds=kinds))


def test_what_is_no_handshake_is_refused() -> None:
    steps = reset_second_factor("client", "eu-west-1_pool", "ada@example.com", PASSWORD, CODE)
    next(steps)
    with pytest.raises(HandshakeFailed):
        steps.send(asked("s"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the API answers, by method."""
    found: dict[str, Any] = {}

    def call(settings: Settings, tokens: Tokens, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        assert (settings, tokens, path, body) == (SETTINGS, TOKENS, "/me/recovery-codes", None)
        return found[method]

    monkeypatch.setattr(api, "call", call)
    return found


def test_codes_come_by_api(answers: dict[str, Any]) -> None:
    answers |= {"POST": {"codes": [CODE, "B"]}, "GET": {"left": 2}}
    assert make_recovery_codes(SETTINGS, TOKENS) == [CODE, "B"]
    assert count_recovery_codes(SETTINGS, TOKENS) == 2


@pytest.mark.parametrize("answer", [None, {}, [], {"codes": "ABC", "left": "2"}, "text"])
def test_what_the_api_does_not_say_is_no_answer(answers: dict[str, Any], answer: Any) -> None:
    answers |= {"POST": answer, "GET": answer}
    for ask in (make_recovery_codes, count_recovery_codes):
        with pytest.raises(ServiceUnreachable):
            ask(SETTINGS, TOKENS)
