"""A lost second factor is reset by a recovery code and the password, by the stack's own functions and Cognito's SRP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from auth import Ask, AuthClient, count_recovery_codes, make_recovery_codes
from auth.errors import AuthError, NotAuthorized, ResourceNotFound, StepUpRequired
from tests.journeys.people import PASSWORD, Person, root_client, settings_of
from tests.journeys.recovering import WRONG, Stranger, codes_of, is_still_asked, proof_of, with_app, with_parameters
from tests.journeys.warm import warm_up
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="module", autouse=True)
def _warm(cloud: LocalCloud) -> None:
    warm_up(cloud)


@pytest.fixture
def ada(cloud: LocalCloud, email: str) -> Person:
    return with_app(cloud, email)


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


def test_whoever_has_no_second_factor_signs_in_as_usual(cloud: LocalCloud, email: str) -> None:
    bob = Person.new(cloud, email)
    codes = codes_of(bob)
    with pytest.raises(NotAuthorized, match="no second factor"):
        bob.client.sign_in_with_recovery_code(email, PASSWORD, codes[0])
    assert count_recovery_codes(settings_of(cloud), bob.sign_in().tokens) == 10


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
