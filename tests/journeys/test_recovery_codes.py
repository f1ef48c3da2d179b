"""A lost second factor is reset by a recovery code and the password, by the stack's own functions and Cognito's SRP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auth import Ask, AuthClient, count_recovery_codes, make_recovery_codes
from auth.errors import AuthError, NotAuthorized, ResourceNotFound, StepUpRequired
from auth.recovery import KIND
from auth.srp import Handshake
from tests.journeys.functions import log_of
from tests.journeys.people import PASSWORD, Person, root_client, settings_of, unsigned_client
from tests.journeys.warm import warm_up
from tests.local_cloud import ROOT, LocalCloud

WRONG = "0000-0000-0000-0000"


@pytest.fixture(scope="module", autouse=True)
def _warm(cloud: LocalCloud) -> None:
    warm_up(cloud)


@pytest.fixture
def ada(cloud: LocalCloud, email: str) -> Person:
    """Somebody with an authenticator app."""
    person = Person.new(cloud, email)
    person.enrol_totp()
    return person


@pytest.fixture
def thief(cloud: LocalCloud, email: str) -> Person:
    """Somebody else with an account, a password and an authenticator app."""
    person = Person.new(cloud, f"thief-{email}")
    person.enrol_totp()
    return person


def with_parameters(folder: Path, **changes: str) -> tuple[str, ...]:
    """Options of a cloud whose stack has other parameters."""
    kept = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in changes.items()]
    (folder / "parameters.json").write_text(json.dumps([*kept, *given]))
    return ("--parameters", str(folder / "parameters.json"))


def codes_of(person: Person) -> list[str]:
    """Ten new codes, for a new sign-in."""
    return make_recovery_codes(settings_of(person.cloud), person.sign_in().tokens)


def proof_of(app: Any, person: Person, password: str = PASSWORD) -> dict[str, str]:
    """What answers PASSWORD_VERIFIER."""
    handshake = Handshake()
    given = {"USERNAME": person.email, "SRP_A": handshake.srp_a}
    client_id, pool = person.cloud.outputs["AppClientId"], person.cloud.outputs["UserPoolId"].partition("_")[2]
    asked = app.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=given)["ChallengeParameters"]
    return handshake.prove(pool, asked["USER_ID_FOR_SRP"], password, asked, person.cloud.now())


class Stranger:
    """Answers the stack's questions by hand, in the name of `email`, and notes whether tokens come of it."""

    def __init__(self, cloud: LocalCloud, email: str) -> None:
        self.app, self.email = unsigned_client(cloud, "cognito-idp"), email
        self.client_id = cloud.outputs["AppClientId"]
        self.asked: dict[str, Any] = {}

    def begin(self, kind: str = KIND, **parameters: str) -> str:
        """Begin CUSTOM_AUTH and choose; the challenge that comes."""
        about = {"USERNAME": self.email, **parameters}
        self.asked = self.app.initiate_auth(ClientId=self.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=about)
        return self.answer(kind, kind)

    def answer(self, text: str, kind: str = "") -> str:
        """Answer what is asked; what follows. Tokens fail the test."""
        self.asked = self.app.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=self.asked["ChallengeName"],
            Session=self.asked["Session"],
            ChallengeResponses={"USERNAME": self.email, "ANSWER": text},
            ClientMetadata={"kind": kind} if kind else {},
        )
        assert "AuthenticationResult" not in self.asked
        return str(self.asked["ChallengeParameters"]["challenge"])


def is_still_asked(person: Person) -> bool:
    """Whether a sign-in wants the authenticator app's code."""
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return person.next_code()

    person.client.sign_in(person.email, PASSWORD, answer)
    return asked == ["totp_code"]


def test_codes_are_shown_once_and_counted(ada: Person) -> None:
    settings, tokens = settings_of(ada.cloud), ada.sign_in().tokens
    assert count_recovery_codes(settings, tokens) == 0
    codes = make_recovery_codes(settings, tokens)
    assert (len(set(codes)), count_recovery_codes(settings, tokens)) == (10, 10)


def test_codes_want_a_new_sign_in(ada: Person) -> None:
    tokens = ada.sign_in().tokens
    ada.cloud.advance(400)
    refreshed = ada.client.refresh(tokens)
    with pytest.raises(StepUpRequired):
        make_recovery_codes(settings_of(ada.cloud), refreshed)


def test_a_code_and_the_password_let_in_who_lost_the_phone(ada: Person) -> None:
    codes = codes_of(ada)
    signed_in = ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, codes[3].lower().replace("-", " "))
    assert count_recovery_codes(settings_of(ada.cloud), signed_in.tokens) == 9
    ada.signed_in = signed_in
    ada.enrol_totp()
    assert is_still_asked(ada)
    with pytest.raises(NotAuthorized):
        ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, codes[3])
    assert is_still_asked(ada)


def test_devices_and_sessions_end_with_it(ada: Person) -> None:
    # Attack: whoever stole the phone has its device record and its tokens.
    stolen = ada.client.sign_in(ada.email, PASSWORD, ada.answer, remember=True)
    assert ada.client.sign_in(ada.email, PASSWORD, device=stolen.device).device == stolen.device
    ada.client.sign_in_with_recovery_code(ada.email, PASSWORD, codes_of(ada)[0])
    with pytest.raises(NotAuthorized):
        ada.client.refresh(stolen.tokens)
    ada.signed_in = None
    ada.enrol_totp()
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return ada.next_code()

    ada.client.sign_in(ada.email, PASSWORD, answer, device=stolen.device)
    assert asked == ["totp_code"]


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


def test_whoever_has_no_second_factor_signs_in_as_usual(cloud: LocalCloud, email: str) -> None:
    bob = Person.new(cloud, email)
    codes = codes_of(bob)
    with pytest.raises(NotAuthorized, match="no second factor"):
        bob.client.sign_in_with_recovery_code(email, PASSWORD, codes[0])
    assert count_recovery_codes(settings_of(cloud), bob.sign_in().tokens) == 10


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


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A stack in which everybody needs a second factor."""
    folder = tmp_path_factory.mktemp("strict")
    options = with_parameters(folder, MfaConfiguration="ON", AccountNotices="false")
    running = LocalCloud(folder / "data", options).start()
    warm_up(running)
    yield running
    running.stop()


def test_where_everybody_needs_a_second_factor_a_new_one_is_set_up(strict: LocalCloud, email: str) -> None:
    ada = Person.new(strict, email)
    codes, old = codes_of(ada), ada.secret
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return ada.answer(ask)

    ada.client.sign_in_with_recovery_code(email, PASSWORD, codes[0], answer)
    assert asked == ["totp_setup"]
    assert ada.secret != old
    assert is_still_asked(ada)


def test_there_nothing_else_goes_around_the_second_factor(strict: LocalCloud, email: str) -> None:
    # Attack: a mailed code, which no second factor follows, by the flow that recovery codes opened.
    ada, stranger = Person.new(strict, email), Stranger(strict, email)
    codes = codes_of(ada)
    with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
        stranger.begin("one_time_code")
    stranger.begin()
    assert stranger.answer(json.dumps({"code": codes[0], **proof_of(stranger.app, ada)})) == "recovered"
    with pytest.raises(stranger.app.exceptions.NotAuthorizedException):
        stranger.answer("anything")


def test_a_stack_without_them_has_none_of_it(tmp_path: Path) -> None:
    options = with_parameters(tmp_path, RecoveryCodes="false", Passwordless="false", AccountNotices="false")
    cloud = LocalCloud(tmp_path / "data", options).start()
    try:
        person = Person.new(cloud, "ada@example.com")
        with pytest.raises(ResourceNotFound):
            make_recovery_codes(settings_of(cloud), person.sign_in().tokens)
        with pytest.raises(AuthError, match="not enabled"):
            AuthClient(settings_of(cloud)).sign_in_with_recovery_code(person.email, PASSWORD, WRONG)
        functions = root_client(cloud, "lambda").list_functions()["Functions"]
        assert not [one for one in functions if "challenge" in one["FunctionName"] or "notice" in one["FunctionName"]]
    finally:
        cloud.kill()
