"""The triggers of a sign-in without a password: each may run again for one event, and nothing happens twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.events import CONTEXT, load
from tests.triggers.device_pool import DevicePool
from triggers import aws, create_auth_challenge, define_auth_challenge, verify_auth_challenge_response
from triggers.challenges import magic_link, one_time_code
from triggers.errors import DeniedError
from triggers.mail import NOBODY
from triggers.messages import MAILS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"
CHOSEN = {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": "choose:one-sign-in"}


@pytest.fixture(autouse=True)
def _stack(app_data: Table, device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "SES_IDENTITY_ARN": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
        "SES_FROM": "no-reply@example.com",
        "PASSWORDLESS": "true",
        "MAGIC_LINK_URL": "https://app.example.com/signed-in",
        "RECOVERY_CODES": "false",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("sesv2").create_email_identity(EmailIdentity="example.com")
    device_pool.add(SUB)
    aws.one_try.cache_clear()
    yield
    aws.one_try.cache_clear()


def sent() -> list[Any]:
    """The mails so far: recipient, subject and body."""
    return [
        (m.destinations["ToAddresses"][0], m.subject, m.body)
        for m in ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    ]


def create(*rounds: dict[str, Any], kind: str = "one_time_code", name: str = SUB, **request: Any) -> dict[str, Any]:
    event = load("create_auth_challenge") | {"userName": name}
    event["request"] |= {"session": list(rounds), "clientMetadata": {"kind": kind}, **request}
    found: dict[str, Any] = create_auth_challenge.handler(event, CONTEXT)["response"]
    return found


def verify(private: dict[str, str], answer: str) -> bool:
    event = load("verify_auth_challenge_response")
    event["request"] |= {"privateChallengeParameters": private, "challengeAnswer": answer}
    return verify_auth_challenge_response.handler(event, CONTEXT)["response"]["answerCorrect"] is True


def define(*rounds: dict[str, Any], **request: Any) -> dict[str, Any]:
    event = load("define_auth_challenge")
    event["request"] |= {"session": list(rounds), **request}
    found: dict[str, Any] = define_auth_challenge.handler(event, CONTEXT)["response"]
    return found


def code() -> str:
    found = re.search(r">(\d{8})<", sent()[-1][2])
    assert found
    return found[1]


def result(passed: bool, kind: str = "one_time_code") -> dict[str, Any]:
    return {**CHOSEN, "challengeResult": passed, "challengeMetadata": f"{kind}:one-sign-in"}


ASK = {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": False}
DONE = {"challengeName": "", "issueTokens": True, "failAuthentication": False}
FAIL = {"challengeName": "", "issueTokens": False, "failAuthentication": True}


@pytest.mark.parametrize(
    ("rounds", "answer"),
    [
        ([], ASK),
        ([CHOSEN], ASK),
        ([{**CHOSEN, "challengeResult": False}], FAIL),
        ([CHOSEN, result(True)], DONE),
        ([CHOSEN, result(False)], ASK),
        ([CHOSEN, result(False), result(False)], ASK),
        ([CHOSEN, result(False), result(False), result(True)], DONE),
        ([CHOSEN, result(False), result(False), result(False)], FAIL),
    ],
)
def test_what_follows(rounds: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    assert define(*rounds) == answer


@pytest.mark.parametrize(
    "strange",
    [
        {"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None},
        {"challengeName": "PASSWORD_VERIFIER", "challengeResult": True, "challengeMetadata": "one_time_code:x"},
        result(True, "another"),
        {**CHOSEN, "challengeMetadata": "one_time_code"},
        {**CHOSEN, "challengeMetadata": None},
    ],
)
def test_rounds_of_another_kind_end_in_a_refusal(strange: dict[str, Any]) -> None:
    with pytest.raises(DeniedError):
        define(strange)
    with pytest.raises(DeniedError):
        define(strange, result(True))


def test_nobody_is_behind_a_name_that_is_not_known() -> None:
    assert define(CHOSEN, result(True), userNotFound=True) == FAIL


def test_an_answer_that_a_client_put_there_counts_for_nothing() -> None:
    event = load("define_auth_challenge")
    event["response"]["issueTokens"] = True
    assert define_auth_challenge.handler(event, CONTEXT)["response"] == ASK


def test_the_first_question_is_which_kind() -> None:
    asked = create()
    assert asked["publicChallengeParameters"] == {"challenge": "choose", "kinds": "one_time_code,magic_link"}
    assert verify(asked["privateChallengeParameters"], "magic_link")
    assert not verify(asked["privateChallengeParameters"], "carrier_pigeon")
    assert not verify(asked["privateChallengeParameters"], "one_time_code,magic_link")
    assert sent() == []


def test_a_stack_without_a_page_for_links_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAGIC_LINK_URL", "")
    assert create()["publicChallengeParameters"]["kinds"] == "one_time_code"
    with pytest.raises(DeniedError):
        create(CHOSEN, kind="magic_link")


def test_a_stack_that_wants_passwords_has_no_codes_by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    # Attack: where MFA is ON and only recovery codes are asked for, a mailed code that no second factor follows.
    monkeypatch.setenv("PASSWORDLESS", "false")
    monkeypatch.setenv("MAGIC_LINK_URL", "")
    monkeypatch.setenv("RECOVERY_CODES", "true")
    assert create()["publicChallengeParameters"]["kinds"] == "recovery_code"
    with pytest.raises(DeniedError):
        create(CHOSEN)
    assert sent() == []


def test_running_it_again_mails_nothing_and_says_the_same() -> None:
    runs = [create(CHOSEN) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    assert len(sent()) == 1
    # After a wrong answer, too.
    assert create(CHOSEN, result(False), kind="magic_link") == runs[0]
    assert len(sent()) == 1
    assert code() not in str(runs)


def test_a_code_counts_once_however_often_it_is_judged() -> None:
    private = create(CHOSEN)["privateChallengeParameters"]
    assert [verify(private, code()) for _ in range(3)] == [True, False, False]


def test_one_wrong_answer_is_one_however_often_it_is_judged() -> None:
    private = create(CHOSEN)["privateChallengeParameters"]
    assert not any(verify(private, wrong) for wrong in ("1", "1", "1", "2", "2"))
    assert verify(private, code())


def test_after_three_wrong_answers_the_right_one_is_wrong() -> None:
    private = create(CHOSEN)["privateChallengeParameters"]
    assert not any(verify(private, wrong) for wrong in ("1", "2", "3"))
    assert not verify(private, code())


def test_only_the_newest_secret_counts_and_only_in_its_own_sign_in() -> None:
    first = create(CHOSEN)["privateChallengeParameters"]
    old = code()
    second = create({**CHOSEN, "challengeMetadata": "choose:another"})["privateChallengeParameters"]
    assert not verify(first, old)
    assert not verify(first, code())
    assert verify(second, code())


def test_the_table_tells_neither_the_name_nor_the_code(app_data: Table) -> None:
    create(CHOSEN)
    kept = str(app_data.scan()["Items"])
    assert SUB not in kept
    assert code() not in kept
    assert "one-sign-in" not in kept, "the key to the digest"


@pytest.mark.parametrize(
    "stranger",
    [
        {"userNotFound": True, "userAttributes": {}},
        {
            "userAttributes": {
                "cognito:user_status": "CONFIRMED",
                "email": "user@example.com",
                "email_verified": "false",
            }
        },
        {
            "userAttributes": {
                "cognito:user_status": "UNCONFIRMED",
                "email": "user@example.com",
                "email_verified": "true",
            }
        },
    ],
)
def test_whoever_gets_no_mail_is_answered_as_anybody(stranger: dict[str, Any]) -> None:
    assert create(CHOSEN, **stranger) == create(CHOSEN, name="another")
    assert sent()[0][0] == NOBODY


def test_a_second_factor_is_not_walked_around(device_pool: DevicePool) -> None:
    device_pool.factors[SUB] = ["SOFTWARE_TOKEN_MFA"]
    create(CHOSEN)
    ((to, subject, body),) = sent()
    assert (to, subject) == ("user@example.com", "Please sign in with your password")
    assert not re.search(r"\d{8}", body)


def test_the_spelling_of_an_unknown_name_earns_no_more_mails() -> None:
    names = ["Ada@example.com", "ada@example.com", "ADA@example.com", "aDa@example.com", "adA@example.com"]
    for number, name in enumerate(names):
        create({**CHOSEN, "challengeMetadata": f"choose:{number}"}, name=name)
    with pytest.raises(DeniedError, match="too many"):
        create({**CHOSEN, "challengeMetadata": "choose:last"}, name="ADa@example.com")
    assert len(sent()) == 5


def test_a_link_leads_where_the_template_says() -> None:
    private = create(CHOSEN, kind="magic_link", redirect="https://evil.example")["privateChallengeParameters"]
    found = re.search(r'href="(https://app\.example\.com/signed-in#[\w-]{43})"', sent()[0][2])
    assert found
    assert verify(private, found[1])


def test_answers_are_read_as_people_give_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert one_time_code.read(" １２３４ 5678\n") == "12345678"
    monkeypatch.setenv("MAGIC_LINK_URL", "app://signed-in")
    assert magic_link.read(magic_link.fields("abc")["link"] + "\n") == magic_link.read("abc") == "abc"


def test_every_mail_is_there_in_every_language() -> None:
    fields = {"code": "12345678", "link": "https://app.example.com/#x", "when": "2026-11-22 03:07 UTC"}
    for language, mails in MAILS.items():
        assert mails.keys() == MAILS["en"].keys()
        for one in mails.values():
            assert 0 < len(one.subject) <= 140
            assert f'lang="{language}"' in one.as_html(language, fields)
