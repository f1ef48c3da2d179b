"""Attacks on recovery codes: neither a code nor a password alone opens anything, in whatever order it is asked."""

from __future__ import annotations

import json
import threading

import pytest

from auth.errors import AuthError, NotAuthorized
from auth.recovery import KIND
from auth.srp import Handshake
from tests.journeys.functions import log_of
from tests.journeys.people import PASSWORD, Person
from tests.journeys.recovering import WRONG, Stranger, codes_of, is_still_asked, proof_of, with_app
from tests.journeys.warm import warm_up
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module", autouse=True)
def _warm(cloud: LocalCloud) -> None:
    warm_up(cloud)


@pytest.fixture
def ada(cloud: LocalCloud, email: str) -> Person:
    return with_app(cloud, email)


@pytest.fixture
def thief(cloud: LocalCloud, email: str) -> Person:
    return with_app(cloud, f"thief-{email}")


def test_a_code_alone_opens_nothing(ada: Person, thief: Person) -> None:
    # Attack: a sheet of codes that was found; its finder knows no password, or another one, or proves his own.
    code, stranger = codes_of(ada)[0], Stranger(ada.cloud, ada.email)
    with pytest.raises(NotAuthorized):
        thief.client.sign_in_with_recovery_code(ada.email, "Wrong-Horse-7", code)
    for proof in (proof_of(stranger.app, thief), dict.fromkeys(proof_of(stranger.app, thief), "x"), {}):
        assert stranger.begin() == KIND
        assert stranger.answer(json.dumps({"code": code, **proof})) == KIND
    assert stranger.begin() == KIND
    assert stranger.answer(code) == KIND
    assert is_still_asked(ada)
    assert ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, code)


def test_a_password_alone_opens_nothing(ada: Person) -> None:
    # Attack: a password that was caught, and every order of questions that these triggers know.
    codes_of(ada)
    stranger = Stranger(ada.cloud, ada.email)
    for code in (WRONG, "", "recovered"):
        with pytest.raises(AuthError):
            ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, code)
    for kind in ("recovered", "choose", "one_time_code,recovery_code", "SOFTWARE_TOKEN_MFA"):
        with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
            stranger.begin(kind)
    assert is_still_asked(ada)


def test_a_password_first_leaves_the_second_factor_to_cognito(ada: Person) -> None:
    # Attack: CUSTOM_AUTH with SRP, so that a question of ours stands in for the authenticator app.
    stranger = Stranger(ada.cloud, ada.email)
    with pytest.raises(stranger.app.exceptions.UserLambdaValidationException, match="not served here"):
        stranger.begin(CHALLENGE_NAME="SRP_A", SRP_A=Handshake().srp_a)


def test_the_end_of_it_gives_no_tokens(ada: Person) -> None:
    # Attack: going on where the app stops, for tokens that no second factor is asked for.
    code, stranger = codes_of(ada)[0], Stranger(ada.cloud, ada.email)
    stranger.begin()
    proof = proof_of(stranger.app, ada)
    assert stranger.answer(json.dumps({"code": code, **proof})) == "recovered"
    with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
        stranger.answer("recovered", "one_time_code")


def test_a_proof_counts_once(ada: Person) -> None:
    # Attack: an answer that was overheard, sent again with another code.
    codes, stranger = codes_of(ada), Stranger(ada.cloud, ada.email)
    proof = proof_of(stranger.app, ada)
    stranger.begin()
    assert stranger.answer(json.dumps({"code": WRONG, **proof})) == KIND
    assert stranger.answer(json.dumps({"code": codes[0], **proof})) == KIND
    assert is_still_asked(ada)


def test_three_wrong_answers_end_a_sign_in_and_five_wrong_codes_an_hour(ada: Person) -> None:
    codes, stranger = codes_of(ada), Stranger(ada.cloud, ada.email)
    stranger.begin()
    assert [stranger.answer("wrong") for _ in range(2)] == [KIND] * 2
    with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
        stranger.answer("wrong")
    for number in range(5):
        with pytest.raises(NotAuthorized):
            ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, f"{WRONG}{number}")
    with pytest.raises(NotAuthorized):
        ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, codes[0])
    ada.cloud.advance(3600)
    assert ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, codes[0])


def test_wrong_passwords_lock_the_account_as_anywhere(ada: Person) -> None:
    # Attack: guessing passwords here, past Cognito's lock-out.
    code = codes_of(ada)[0]
    for number in range(12):
        # From the fifth on, each one doubles the time in which the next one counts for nothing.
        ada.cloud.advance(2 ** (number - 5) if number > 4 else 0)
        with pytest.raises(NotAuthorized):
            ada.client.sign_in_with_recovery_code(ada.email, "Wrong-Horse-7", code)
    with pytest.raises(NotAuthorized):
        ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, code)
    with pytest.raises(NotAuthorized, match="attempts"):
        ada.client.sign_in(ada.email, PASSWORD)


def test_of_two_at_once_one_gets_the_code(ada: Person) -> None:
    code, ends, start = codes_of(ada)[0], [], threading.Barrier(2)
    waiting = [Stranger(ada.cloud, ada.email) for _ in range(2)]
    answers = [json.dumps({"code": code, **proof_of(one.app, ada)}) for one in waiting]
    for one in waiting:
        one.begin()

    def redeem(one: Stranger, text: str) -> None:
        start.wait()
        ends.append(one.answer(text))

    threads = [threading.Thread(target=redeem, args=pair) for pair in zip(waiting, answers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["recovered", KIND]


def test_a_stranger_is_asked_all_the_same(ada: Person) -> None:
    # Attack: learning who has an account, or who has codes.
    answers = []
    for name in (ada.email, f"no-{ada.email}"):
        stranger = Stranger(ada.cloud, name)
        answers.append([stranger.begin(), stranger.answer(json.dumps({"code": WRONG})), stranger.answer("wrong")])
        with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
            stranger.answer("wrong")
    assert answers[0] == answers[1]
    with pytest.raises(NotAuthorized):
        ada.client.sign_in_with_recovery_code(f"no-{ada.email}", PASSWORD, WRONG)


def test_no_log_has_a_code_or_a_proof(ada: Person) -> None:
    code, stranger = codes_of(ada)[0], Stranger(ada.cloud, ada.email)
    proof = proof_of(stranger.app, ada)
    stranger.begin()
    stranger.answer(json.dumps({"code": code, **proof}))
    for name in ("define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response", "api"):
        lines = "".join(log_of(ada.cloud, f"/aws/lambda/gatehouse-local-{name}"))
        assert "REPORT RequestId" in lines
        for secret in (code, code.replace("-", ""), proof["PASSWORD_CLAIM_SIGNATURE"], ada.email):
            assert secret not in lines
