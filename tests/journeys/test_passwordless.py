"""Sign-in without a password by the stack's own functions: a mailed code or a link, for whoever asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from auth import Ask
from auth.errors import AuthError, ChallengeUnsupported, NotAuthorized, TriggerRefused
from tests.journeys.claims import claims_of
from tests.journeys.functions import log_of
from tests.journeys.mailed import code_for, link_for, newest
from tests.journeys.people import Person, root_client, unsigned_client
from tests.local_cloud import ROOT, LocalCloud

NOBODY = "success@simulator.amazonses.com"
SUBJECT = "Your sign-in code"


def codes_for(cloud: LocalCloud, address: str) -> int:
    """How many codes to sign in were mailed."""
    return [message["subject"] for message in cloud.messages(address)].count(SUBJECT)


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


def test_a_code_signs_in(cloud: LocalCloud, person: Person) -> None:
    def read(ask: Ask) -> str:
        assert ask.kind == "one_time_code"
        assert newest(cloud, person.email)[0] == SUBJECT
        return code_for(cloud, person.email)

    tokens = person.client.sign_in_without_password(person.email, read).tokens
    assert claims_of(tokens.id_token)["email"] == person.email
    assert person.client.refresh(tokens).access_token != tokens.access_token


def test_a_link_signs_in_the_app_that_asked_for_it(cloud: LocalCloud, person: Person, app: Any) -> None:
    links = []

    def open_link(ask: Ask) -> str:
        links.append(link_for(cloud, person.email))
        return links[-1]

    person.client.sign_in_without_password(person.email, open_link, kind="magic_link")
    assert links[0].startswith("http://localhost:3000/signed-in#")
    # Attack: somebody else's sign-in for the same address, gone on with by this link.
    other = asked_for(app, cloud, person.email, "magic_link")
    assert "AuthenticationResult" not in answer(app, cloud, person.email, other["Session"], links[0])


def test_the_mail_is_in_the_users_language(cloud: LocalCloud, email: str, app: Any) -> None:
    person = Person.new(cloud, email, locale="ja")
    asked_for(app, cloud, person.email)
    assert newest(cloud, email)[0] == "ログインコードのお知らせ"


def test_a_wrong_code_may_be_mended_and_is_mailed_once(cloud: LocalCloud, person: Person) -> None:
    answers = iter(["00000000", "not a code"])
    tokens = person.client.sign_in_without_password(
        person.email, lambda _: next(answers, None) or code_for(cloud, person.email)
    )
    assert tokens.device is None
    assert codes_for(cloud, person.email) == 1


def test_three_wrong_codes_end_it(person: Person) -> None:
    asked: list[Ask] = []

    def guess(ask: Ask) -> str:
        asked.append(ask)
        return f"0000000{len(asked)}"

    with pytest.raises(NotAuthorized):
        person.client.sign_in_without_password(person.email, guess)
    assert len(asked) == 3


def test_a_code_ends_after_five_minutes(cloud: LocalCloud, person: Person) -> None:
    def wait(_: Ask) -> str:
        if not late:
            late.append(cloud.advance(301))
        return code_for(cloud, person.email)

    late: list[float] = []
    with pytest.raises(NotAuthorized):
        person.client.sign_in_without_password(person.email, wait)


def test_an_address_gets_five_mails_an_hour(cloud: LocalCloud, person: Person, app: Any) -> None:
    # Attack: filling somebody's mailbox.
    cloud.advance(3600 - cloud.now() % 3600)
    for _ in range(5):
        asked_for(app, cloud, person.email)
    with pytest.raises(TriggerRefused, match="too many"):
        person.client.sign_in_without_password(person.email)
    assert codes_for(cloud, person.email) == 5
    cloud.advance(3600)
    asked_for(app, cloud, person.email)
    assert codes_for(cloud, person.email) == 6


def test_a_stranger_is_asked_all_the_same(cloud: LocalCloud, person: Person, app: Any) -> None:
    # Attack: learning who has an account.
    stranger = f"no-{person.email}"
    found = [asked_for(app, cloud, name) for name in (person.email, stranger)]
    for one in found:
        assert (one["ChallengeName"], one["ChallengeParameters"]["challenge"]) == ("CUSTOM_CHALLENGE", "one_time_code")
    assert found[0]["ChallengeParameters"].keys() == found[1]["ChallengeParameters"].keys()
    with pytest.raises(app.exceptions.NotAuthorizedException):
        answer(app, cloud, stranger, found[1]["Session"], code_for(cloud, NOBODY))
    assert cloud.messages(stranger) == []
    for number in range(2, 6):
        asked_for(app, cloud, stranger if number % 2 else stranger.upper())
    with pytest.raises(AuthError, match="too many"):
        person.client.sign_in_without_password(stranger)


def test_a_second_factor_is_not_walked_around(cloud: LocalCloud, person: Person) -> None:
    # Attack: whoever reads somebody's mail, past the authenticator app.
    person.enrol_totp()
    asked: list[str] = []

    def guess(_: Ask) -> str:
        asked.append(newest(cloud, person.email)[1])
        return "00000000"

    with pytest.raises(NotAuthorized):
        person.client.sign_in_without_password(person.email, guess)
    assert newest(cloud, person.email)[0] == "Please sign in with your password"
    assert not re.search(r"\d{8}", asked[0])


def test_another_kind_is_refused(cloud: LocalCloud, person: Person, app: Any) -> None:
    with pytest.raises(ChallengeUnsupported):
        person.client.sign_in_without_password(person.email, kind="carrier_pigeon")
    with pytest.raises(app.exceptions.NotAuthorizedException):
        asked_for(app, cloud, person.email, "carrier_pigeon")


def test_no_log_has_a_code_or_an_address(cloud: LocalCloud, person: Person) -> None:
    codes: list[str] = []

    def read(_: Ask) -> str:
        codes.append(code_for(cloud, person.email))
        return codes[-1]

    person.client.sign_in_without_password(person.email, read)
    for name in ("define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response"):
        lines = "".join(log_of(cloud, f"/aws/lambda/gatehouse-local-{name}"))
        assert "REPORT RequestId" in lines
        assert codes[0] not in lines
        assert person.email not in lines


def test_without_ses_there_is_none_of_it(tmp_path: Path) -> None:
    values = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    changes = {"SesIdentityArn": "", "RecoveryCodes": "false"}
    kept = [entry for entry in values if entry["ParameterKey"] not in changes]
    written = [*kept, *({"ParameterKey": name, "ParameterValue": value} for name, value in changes.items())]
    (tmp_path / "parameters.json").write_text(json.dumps(written))
    cloud = LocalCloud(tmp_path / "data", ("--parameters", str(tmp_path / "parameters.json"))).start()
    try:
        app = unsigned_client(cloud, "cognito-idp")
        with pytest.raises(app.exceptions.InvalidParameterException, match="not enabled"):
            asked_for(app, cloud, "ada@example.com")
        functions = root_client(cloud, "lambda").list_functions()["Functions"]
        assert not [one for one in functions if "challenge" in one["FunctionName"]]
    finally:
        cloud.kill()
