"""Recovery codes in the triggers: with the password they reset the second factor, once; alone they open nothing."""

from __future__ import annotations

import io
import itertools
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from api import recovery_codes as made_by_api
from tests.events import CONTEXT, load
from tests.triggers.device_pool import device
from tests.triggers.factor_pool import FactorPool
from triggers import (
    create_auth_challenge,
    define_auth_challenge,
    recovery_codes,
    second_factor,
    verify_auth_challenge_response,
)
from triggers.errors import DeniedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB, THIEF = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70", "7f6e5d4c-3b2a-4910-8877-665544332211"
RIGHT, OTHERS = "proof-of-the-password", "proof-of-the-thiefs-own"
BEFORE = ["AdminListDevices", "AdminForgetDevice", "AdminUserGlobalSignOut", "AdminGetUser"]
RESET = [*BEFORE, "AdminSetUserMFAPreference", "AdminDeleteSoftwareToken"]


@pytest.fixture
def device_pool() -> FactorPool:
    pool = FactorPool()
    pool.add(SUB, device("us-east-1_00000000-0000-4000-8000-000000000001"))
    pool.add(THIEF)
    pool.factors = {SUB: ["SOFTWARE_TOKEN_MFA"], THIEF: ["SOFTWARE_TOKEN_MFA"]}
    pool.apps = {SUB, THIEF}
    pool.proofs = {RIGHT: SUB, OTHERS: THIEF}
    return pool


@pytest.fixture(autouse=True)
def codes(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the user, from the API's half of the table's item."""
    for name, value in {"PASSWORDLESS": "true", "MAGIC_LINK_URL": "", "RECOVERY_CODES": "true"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(made_by_api, "app_data", lambda: app_data)
    return made_by_api.make(SUB)


def redeem(code: str, proof: str = RIGHT, attempt: str = "one", raw: str | None = None, **request: Any) -> bool:
    event = load("verify_auth_challenge_response")
    given = {
        "code": code,
        "PASSWORD_CLAIM_SECRET_BLOCK": "block",
        "PASSWORD_CLAIM_SIGNATURE": proof,
        "TIMESTAMP": "Sun Nov 22 03:07:00 UTC 2026",
    }
    event["request"] |= {
        "privateChallengeParameters": {"asked": "recovery_code", "attempt": attempt, "kinds": ""},
        "challengeAnswer": raw if raw is not None else json.dumps(given),
        **request,
    }
    return verify_auth_challenge_response.handler(event, CONTEXT)["response"]["answerCorrect"] is True


def round_of(kind: str, passed: bool = True, name: str = "CUSTOM_CHALLENGE") -> dict[str, Any]:
    return {"challengeName": name, "challengeResult": passed, "challengeMetadata": f"{kind}:one"}


def define(*rounds: dict[str, Any], **request: Any) -> dict[str, Any]:
    event = load("define_auth_challenge")
    event["request"] |= {"session": list(rounds), **request}
    found: dict[str, Any] = define_auth_challenge.handler(event, CONTEXT)["response"]
    return found


def ask(*rounds: dict[str, Any], kind: str = "recovery_code") -> dict[str, Any]:
    event = load("create_auth_challenge")
    event["request"] |= {"session": list(rounds), "clientMetadata": {"kind": kind}}
    found: dict[str, Any] = create_auth_challenge.handler(event, CONTEXT)["response"]["publicChallengeParameters"]
    return found


def test_a_code_and_the_password_reset_the_second_factor(codes: list[str], device_pool: FactorPool) -> None:
    assert redeem(codes[0])
    assert device_pool.factors[SUB] == []
    assert device_pool.users[SUB] == {}, "devices, those of a thief among them"
    assert (device_pool.factors[THIEF], device_pool.apps) == (["SOFTWARE_TOKEN_MFA"], {THIEF}), "nobody else's"
    assert made_by_api.count(SUB) == 9


def test_the_factors_go_last(codes: list[str], device_pool: FactorPool) -> None:
    # Attack: a password alone, with a device or a session that is not ended yet.
    redeem(codes[0])
    assert device_pool.calls == ["RespondToAuthChallenge", *RESET]


@pytest.mark.parametrize("factors", [["SMS_MFA"], ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], ["EMAIL_OTP"]])
def test_every_factor_goes(codes: list[str], device_pool: FactorPool, factors: list[str]) -> None:
    device_pool.factors[SUB] = factors
    assert redeem(codes[0])
    assert device_pool.factors[SUB] == []


def test_running_it_again_says_the_same_and_takes_no_other_code(codes: list[str], device_pool: FactorPool) -> None:
    assert [redeem(codes[0]) for _ in range(3)] == [True] * 3
    assert device_pool.calls.count("RespondToAuthChallenge") == 1, "Cognito takes a proof once"
    assert made_by_api.count(SUB) == 9


@pytest.mark.parametrize("operation", RESET)
def test_what_was_stopped_anywhere_goes_on(codes: list[str], device_pool: FactorPool, operation: str) -> None:
    device_pool.fails_at, device_pool.times = operation, 1
    with pytest.raises(DeniedError):
        redeem(codes[0])
    if operation in BEFORE:
        assert device_pool.factors[SUB], "a password alone opens nothing yet"
    assert redeem(codes[0])
    assert device_pool.factors[SUB] == []
    assert device_pool.users[SUB] == {}
    assert device_pool.apps == {THIEF}
    assert made_by_api.count(SUB) == 9


def test_a_code_counts_once(codes: list[str], device_pool: FactorPool) -> None:
    assert redeem(codes[0], attempt="one")
    device_pool.factors[SUB] = ["SOFTWARE_TOKEN_MFA"]
    assert not redeem(codes[0], attempt="two")
    assert device_pool.factors[SUB]


def test_of_two_sign_ins_at_once_one_gets_the_code(codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_read = recovery_codes._kept(SUB)
    monkeypatch.setattr(recovery_codes, "_kept", lambda _: both_have_read)
    assert [recovery_codes.take(SUB, codes[0], attempt) for attempt in ("one", "two")] == [True, False]


@pytest.mark.parametrize("proof", ["", "wrong", OTHERS])
def test_a_code_alone_resets_nothing(codes: list[str], device_pool: FactorPool, proof: str) -> None:
    # Attack: a sheet of codes that was found, with no password, or with the finder's own.
    assert not redeem(codes[0], proof)
    assert (device_pool.factors[SUB], made_by_api.count(SUB)) == (["SOFTWARE_TOKEN_MFA"], 10)
    assert redeem(codes[0]), "and it costs its user nothing"


def test_a_password_alone_resets_nothing(device_pool: FactorPool) -> None:
    # Attack: a password that was guessed or caught.
    assert not any(redeem(code) for code in ("", "0000-0000-0000-0000", "ABCD"))
    assert device_pool.factors[SUB]


def test_whoever_has_no_second_factor_has_none_to_reset(codes: list[str], device_pool: FactorPool) -> None:
    device_pool.factors[SUB] = []
    assert not redeem(codes[0])
    assert device_pool.calls == ["RespondToAuthChallenge", "RevokeToken"], "no session is left behind"
    assert made_by_api.count(SUB) == 10


def test_five_codes_are_tried_in_an_hour(codes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Attack: guessing, over any number of sign-ins.
    at = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: at[0])
    wrong = [f"0000-0000-0000-000{number}" for number in range(5)]
    assert not any(redeem(code, attempt=code) for code in wrong for _ in range(2))
    assert not redeem(codes[0], attempt="last")
    at[0] += 3600
    assert redeem(codes[0], attempt="last")


def test_whoever_lacks_the_password_uses_up_no_tries(codes: list[str]) -> None:
    # Attack: keeping its owner out, by trying codes for the name.
    assert not any(redeem(f"0000-0000-0000-000{number}", "wrong") for number in range(8))
    assert redeem(codes[0])


def test_a_new_set_voids_the_old_one(codes: list[str]) -> None:
    newer = made_by_api.make(SUB)
    assert not redeem(codes[0])
    assert redeem(newer[0])
    assert set(newer).isdisjoint(codes)


@pytest.mark.parametrize(
    "raw", ["", "[]", "{}", "null", '{"code": 1}', "[" * 20_000, "ABCD-EFGH", '{"code": "x", "TIMESTAMP": "y"}']
)
def test_an_answer_of_another_form_is_wrong(raw: str, device_pool: FactorPool) -> None:
    assert not redeem("", raw=raw)
    assert device_pool.calls == []


def test_nobody_is_behind_a_name_that_is_not_known(codes: list[str], device_pool: FactorPool) -> None:
    assert not redeem(codes[0], userNotFound=True, userAttributes={}, proof="stand-in")
    assert device_pool.calls == ["RespondToAuthChallenge"], "and it takes as long"


@pytest.mark.parametrize("attributes", [{}, None])
def test_who_exists_cannot_be_told_by_the_answer_or_its_time(
    attributes: dict[str, str] | None, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Attack: answering with any code and any proof, to see whether the table was asked about a user, or all failed.
    reads: list[str] = []

    def kept(sub: str) -> dict[str, Any]:
        reads.append(sub)
        return {}

    monkeypatch.setattr(recovery_codes, "_kept", kept)
    assert not redeem(codes[0], "wrong")
    assert not redeem(codes[0], "wrong", userNotFound=True, userAttributes=attributes)
    assert reads == [SUB, ""]


@pytest.mark.parametrize("typed", ["{}", " {} ", "ｗｉｄｅ"])
def test_a_code_is_read_as_people_write_it(codes: list[str], typed: str) -> None:
    wide = codes[0].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert redeem(wide if typed == "ｗｉｄｅ" else typed.format(codes[0].lower().replace("-", " ")))


def test_letters_that_look_like_digits_are_digits() -> None:
    assert recovery_codes.digest("s", "o0iI-lL11") == recovery_codes.digest("s", "00111111")


def test_the_table_tells_no_code(codes: list[str], app_data: Table) -> None:
    redeem(codes[0])
    kept = str(app_data.scan()["Items"])
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_no_log_has_a_code_or_a_proof(codes: list[str], logs: io.StringIO) -> None:
    redeem("wrong")
    redeem(codes[0])
    assert '"kind":"recovery_code","right":true' in logs.getvalue().replace(" ", "")
    assert not any(secret in logs.getvalue() for secret in (codes[0], RIGHT, SUB))


def test_what_is_asked() -> None:
    chosen = round_of("choose")
    assert ask() == {"challenge": "choose", "kinds": "one_time_code,recovery_code"}
    assert ask(chosen) == ask(chosen, round_of("recovery_code", False)) == {"challenge": "recovery_code"}
    assert ask(chosen, round_of("recovery_code")) == {"challenge": "recovered"}
    for rounds, kind in (
        ((chosen,), "recovered"),
        ((chosen,), "choose"),
        ((chosen, round_of("recovered")), "recovered"),
    ):
        with pytest.raises(DeniedError):
            ask(*rounds, kind=kind)


def test_no_answer_to_the_end_is_right(device_pool: FactorPool) -> None:
    event = load("verify_auth_challenge_response")
    event["request"] |= {"privateChallengeParameters": {"asked": "recovered", "attempt": "one", "kinds": ""}}
    assert verify_auth_challenge_response.handler(event, CONTEXT)["response"]["answerCorrect"] is False
    assert device_pool.calls == []


def test_a_recovery_code_never_gives_tokens() -> None:
    # Attack: any order of questions and results, also of Cognito's own before them.
    kinds = ("choose", "one_time_code", "recovery_code", "recovered")
    each = [round_of(kind, passed) for kind in kinds for passed in (True, False)]
    for length in range(1, 4):
        for rounds in itertools.product(each, repeat=length):
            answer = define(*rounds)
            mailed = rounds[-1] == round_of("one_time_code")
            assert answer["issueTokens"] == mailed
            assert not (answer["issueTokens"] and answer["failAuthentication"])
    chosen, right = round_of("choose"), round_of("recovery_code")
    assert define(chosen, right)["challengeName"] == "CUSTOM_CHALLENGE"
    assert define(chosen, right, round_of("recovered", False))["failAuthentication"]
    assert define(chosen, right, round_of("recovered"))["failAuthentication"]
    assert define(chosen, *[round_of("recovery_code", False)] * 3)["failAuthentication"]
    assert define(chosen, right, userNotFound=True)["issueTokens"] is False


@pytest.mark.parametrize("name", ["SRP_A", "PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", "DEVICE_SRP_AUTH"])
def test_a_sign_in_that_begins_otherwise_is_refused(name: str) -> None:
    # Attack: CUSTOM_AUTH with SRP first, where these triggers would stand in for the second factor.
    first = round_of("recovery_code", name=name)
    for rounds in ((first,), (first, round_of("recovery_code")), (first, round_of("one_time_code"))):
        with pytest.raises(DeniedError):
            define(*rounds)
    with pytest.raises(DeniedError):
        ask(first)


def test_a_reset_that_finds_nothing_is_fine(device_pool: FactorPool) -> None:
    device_pool.factors[SUB] = []
    for _ in range(2):
        second_factor.reset("us-east-1_EXAMPLE12", SUB)
    assert "AdminSetUserMFAPreference" not in device_pool.calls
