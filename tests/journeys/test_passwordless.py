"""Sign-in without a password by the stack's own functions: a code or a link in a real mail, for whoever asked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auth import Ask
from auth.errors import AuthError, ChallengeUnsupported, NotAuthorized, TriggerRefused
from tests.journeys.claims import claims_of
from tests.journeys.functions import log_of
from tests.journeys.people import Person, root_client, unsigned_client
from tests.journeys.post_office import PostOffice
from tests.local_cloud import ROOT, LocalCloud

NOBODY = "success@simulator.amazonses.com"


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


def without_passwords(folder: Path, **changes: str) -> tuple[str, ...]:
    """Options of a cloud whose stack signs in by mail, with further parameters changed."""
    values = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    parameters = {entry["ParameterKey"]: entry["ParameterValue"] for entry in values}
    parameters |= {"Passwordless": "true", "MagicLinkUrl": "http://localhost:3000/signed-in", **changes}
    written = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    (folder / "parameters.json").write_text(json.dumps(written))
    return ("--parameters", str(folder / "parameters.json"))


@pytest.fixture(scope="module")
def mailing(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The stack, with SES behind it that delivers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "SMTP_HOST", office.address)
        folder = tmp_path_factory.mktemp("mailing")
        running = LocalCloud(folder / "data", without_passwords(folder)).start()
    root_client(running, "sesv2").create_email_identity(EmailIdentity="example.com")
    yield running
    running.stop()


@pytest.fixture
def ada(mailing: LocalCloud, email: str) -> Person:
    return Person.new(mailing, email)


def code_in(body: str) -> str:
    found = re.search(r">(\d{8})<", body)
    assert found
    return found[1]


def link_in(body: str) -> str:
    found = re.search(r'href="([^"]+)"', body)
    assert found
    return found[1]


def asked_for(client: Any, cloud: LocalCloud, email: str, kind: str = "one_time_code") -> dict[str, Any]:
    """A sign-in that waits for what was mailed."""
    begun = client.initiate_auth(
        ClientId=cloud.outputs["AppClientId"], AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": email}
    )
    return answer(client, cloud, email, begun["Session"], kind, {"kind": kind})


def answer(
    client: Any, cloud: LocalCloud, email: str, session: str, text: str, metadata: dict[str, str] | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = client.respond_to_auth_challenge(
        ClientId=cloud.outputs["AppClientId"],
        ChallengeName="CUSTOM_CHALLENGE",
        Session=session,
        ChallengeResponses={"USERNAME": email, "ANSWER": text},
        ClientMetadata=metadata or {},
    )
    return found


def test_a_code_signs_in(ada: Person, office: PostOffice) -> None:
    def read(ask: Ask) -> str:
        assert ask.kind == "one_time_code"
        return code_in(office.next_mail(ada.email)[1])

    tokens = ada.client.sign_in_without_password(ada.email, read).tokens
    assert claims_of(tokens.id_token)["email"] == ada.email
    assert ada.client.refresh(tokens).access_token != tokens.access_token
    assert office.next_mail(ada.email)[0] == "Your sign-in code"


def test_a_link_signs_in_the_app_that_asked_for_it(ada: Person, mailing: LocalCloud, office: PostOffice) -> None:
    links = []

    def open_link(ask: Ask) -> str:
        links.append(link_in(office.next_mail(ada.email)[1]))
        return links[-1]

    ada.client.sign_in_without_password(ada.email, open_link, kind="magic_link")
    assert links[0].startswith("http://localhost:3000/signed-in#")
    # Attack: somebody else's sign-in for the same address, gone on with by this link.
    app = unsigned_client(mailing, "cognito-idp")
    other = asked_for(app, mailing, ada.email, "magic_link")
    assert "AuthenticationResult" not in answer(app, mailing, ada.email, other["Session"], links[0])


def test_the_mail_is_in_the_users_language(mailing: LocalCloud, email: str, office: PostOffice) -> None:
    person = Person.new(mailing, email, locale="ja")
    asked_for(unsigned_client(mailing, "cognito-idp"), mailing, person.email)
    assert office.next_mail(email)[0] == "ログインコードのお知らせ"


def test_a_wrong_code_may_be_mended_and_is_mailed_once(ada: Person, office: PostOffice) -> None:
    answers = iter(["00000000", "not a code"])
    tokens = ada.client.sign_in_without_password(
        ada.email, lambda _: next(answers, None) or code_in(office.next_mail(ada.email)[1])
    )
    assert tokens.device is None
    assert len(office.mail[ada.email]) == 1


def test_three_wrong_codes_end_it(ada: Person) -> None:
    asked: list[Ask] = []

    def guess(ask: Ask) -> str:
        asked.append(ask)
        return f"0000000{len(asked)}"

    with pytest.raises(NotAuthorized):
        ada.client.sign_in_without_password(ada.email, guess)
    assert len(asked) == 3


def test_a_code_ends_after_five_minutes(ada: Person, mailing: LocalCloud, office: PostOffice) -> None:
    def wait(_: Ask) -> str:
        if not late:
            late.append(mailing.advance(301))
        return code_in(office.next_mail(ada.email)[1])

    late: list[float] = []
    with pytest.raises(NotAuthorized):
        ada.client.sign_in_without_password(ada.email, wait)


def test_an_address_gets_five_mails_an_hour(ada: Person, mailing: LocalCloud, office: PostOffice) -> None:
    # Attack: filling somebody's mailbox.
    app = unsigned_client(mailing, "cognito-idp")
    for number in range(5):
        asked_for(app, mailing, ada.email)
        office.next_mail(ada.email, number)
    with pytest.raises(TriggerRefused, match="too many"):
        ada.client.sign_in_without_password(ada.email)
    mailing.advance(3600)
    asked_for(app, mailing, ada.email)
    office.next_mail(ada.email, 5)


def test_a_stranger_is_asked_all_the_same(ada: Person, mailing: LocalCloud, email: str, office: PostOffice) -> None:
    # Attack: learning who has an account.
    app, stranger, known = unsigned_client(mailing, "cognito-idp"), f"no-{email}", len(office.mail[NOBODY])
    found = [asked_for(app, mailing, name) for name in (ada.email, stranger)]
    for one in found:
        assert (one["ChallengeName"], one["ChallengeParameters"]["challenge"]) == ("CUSTOM_CHALLENGE", "one_time_code")
    assert found[0]["ChallengeParameters"].keys() == found[1]["ChallengeParameters"].keys()
    code = code_in(office.next_mail(NOBODY, known)[1])
    with pytest.raises(app.exceptions.NotAuthorizedException):
        answer(app, mailing, stranger, found[1]["Session"], code)
    assert stranger not in office.mail
    for number in range(2, 6):
        asked_for(app, mailing, stranger if number % 2 else stranger.upper())
    with pytest.raises(AuthError, match="too many"):
        ada.client.sign_in_without_password(stranger)


def test_a_second_factor_is_not_walked_around(ada: Person, office: PostOffice) -> None:
    # Attack: whoever reads somebody's mail, past the authenticator app.
    ada.enrol_totp()
    asked: list[str] = []

    def guess(_: Ask) -> str:
        asked.append(office.next_mail(ada.email)[1])
        return "00000000"

    with pytest.raises(NotAuthorized):
        ada.client.sign_in_without_password(ada.email, guess)
    assert office.next_mail(ada.email)[0] == "Please sign in with your password"
    assert not re.search(r"\d{8}", asked[0])


def test_another_kind_is_refused(ada: Person, mailing: LocalCloud) -> None:
    app = unsigned_client(mailing, "cognito-idp")
    with pytest.raises(ChallengeUnsupported):
        ada.client.sign_in_without_password(ada.email, kind="carrier_pigeon")
    with pytest.raises(app.exceptions.NotAuthorizedException):
        asked_for(app, mailing, ada.email, "carrier_pigeon")


def test_no_log_has_a_code_or_an_address(ada: Person, mailing: LocalCloud, office: PostOffice) -> None:
    codes: list[str] = []

    def read(_: Ask) -> str:
        codes.append(code_in(office.next_mail(ada.email)[1]))
        return codes[-1]

    ada.client.sign_in_without_password(ada.email, read)
    for name in ("define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response"):
        lines = "".join(log_of(mailing, f"/aws/lambda/gatehouse-local-{name}"))
        assert "REPORT RequestId" in lines
        assert codes[0] not in lines
        assert ada.email not in lines


def test_without_ses_there_is_none_of_it(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path / "data", without_passwords(tmp_path, SesIdentityArn="")).start()
    try:
        app = unsigned_client(cloud, "cognito-idp")
        with pytest.raises(app.exceptions.InvalidParameterException, match="not enabled"):
            asked_for(app, cloud, "ada@example.com")
        functions = root_client(cloud, "lambda").list_functions()["Functions"]
        assert not [one for one in functions if "challenge" in one["FunctionName"]]
    finally:
        cloud.kill()
