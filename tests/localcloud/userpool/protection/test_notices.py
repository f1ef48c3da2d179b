"""The mail about a sign-in with a risk: which template, what is filled in, what a custom sender gets; and feedback."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from localcloud.assessments import Assessment
from localcloud.errors import AwsError
from localcloud.userpool.operations import initiate_auth
from tests.localcloud.userpool.conftest import PASSWORD, TRIGGER, Api
from tests.localcloud.userpool.protection.pools import NOTIFY, history, protected
from tests.localcloud.userpool.sign_ins import EMAIL, Door
from tests.localcloud.userpool.test_encrypted_codes import KEY

EVERYTHING = "{username}|{ip-address}|{city}|{country}|{device-name}|{event-id}|{feedback-token}"


def template(kind: str) -> dict[str, str]:
    return {"Subject": f"{kind} {{username}}", "HtmlBody": f"<p>{EVERYTHING}</p>", "TextBody": EVERYTHING}


OWN: Mapping[str, Any] = {**NOTIFY, **{kind: template(kind) for kind in ("BlockEmail", "MfaEmail", "NoActionEmail")}}


def attempt(door: Door, level: str = "High") -> None:
    """A sign-in of that risk, blocked or not."""
    door.api.cloud.assessments.put(Assessment(level, username="ada"))
    with contextlib.suppress(AwsError):
        door.by_password()
    assert history(door)[0]["EventRisk"]["RiskLevel"] == level


def mail(door: Door) -> Mapping[str, Any]:
    [found] = [sent for sent in door.api.sent_to(EMAIL) if sent["source"] == "AccountTakeOverNotification"]
    return found


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("BLOCK", "BlockEmail"),
        ("MFA_REQUIRED", "MfaEmail"),
        ("MFA_IF_CONFIGURED", "MfaEmail"),
        ("NO_ACTION", "NoActionEmail"),
    ],
)
def test_the_template_says_what_was_done(api: Api, action: str, kind: str) -> None:
    door = protected(api, {"High": action}, notify=OWN)
    door.second("OPTIONAL", "Sms")
    door.user()
    attempt(door)
    assert mail(door)["subject"] == f"{kind} ada"


@pytest.mark.parametrize(("action", "kind"), [("MFA_REQUIRED", "BlockEmail"), ("MFA_IF_CONFIGURED", "NoActionEmail")])
def test_without_a_second_factor_it_says_what_became_of_it(api: Api, action: str, kind: str) -> None:
    door = protected(api, {"High": action}, notify=OWN)
    door.user()
    attempt(door)
    assert mail(door)["subject"] == f"{kind} ada"


def test_the_mail_tells_of_the_event_in_html_and_in_plain_text(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"}, notify=OWN)
    door.user()
    attempt(door)
    sent, event = mail(door), history(door)[0]
    name, address, city, country, device, event_id, token = sent["text"].split("|")
    assert (name, address, device, event_id) == ("ada", "127.0.0.1", "tests", event["EventId"])
    assert (city, country) == ("unknown", "unknown")
    assert len(token) == 64
    assert sent["body"] == f"<p>{sent['text']}</p>"
    assert (sent["sender"], sent["code"]) == ("security@example.com", "")


def test_what_a_browser_says_of_itself_is_no_template(api: Api) -> None:
    """Attack: a `User-Agent` that puts the link or the token of the feedback where its sender wants them."""
    door = protected(api, {"High": "NO_ACTION"}, notify=OWN)
    door.user()
    api.cloud.assessments.put(Assessment("High", username="ada"))
    request = {
        "ClientId": door.client,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ada", "PASSWORD": PASSWORD},
    }
    initiate_auth.handle(dataclasses.replace(api.context, user_agent="{feedback-token}"), request)
    assert mail(door)["text"].split("|")[4] == "{feedback-token}"
    assert mail(door)["body"].split("|")[4] == "{feedback-token}"


def test_a_pool_without_templates_has_these(api: Api) -> None:
    door = protected(api, {"High": "BLOCK", "Low": "NO_ACTION"}, notify=NOTIFY)
    door.user()
    attempt(door)
    assert mail(door)["subject"] == "A sign-in was blocked"
    assert "127.0.0.1" in mail(door)["text"]


def test_what_a_client_calls_itself_is_no_html(api: Api) -> None:
    """Attack: a link of one's own in the mail that warns of one."""
    door = protected(api, {"High": "BLOCK"}, notify=OWN)
    door.user("<b>ada</b>")
    api.cloud.assessments.put(Assessment("High", username="<b>ada</b>"))
    with api.refused("NotAuthorizedException"):
        door.by_password("<b>ada</b>")
    assert "&lt;b&gt;ada" in mail(door)["body"]


def test_nobody_is_told_where_nothing_is_said_of_it_nor_without_an_address(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"})
    door.user()
    attempt(door)
    assert door.api.sent_to(EMAIL) == []
    door = protected(api, {"High": "BLOCK"}, notify=OWN)
    door.user(email="")
    attempt(door)
    assert history(door)[0]["EventRisk"]["RiskDecision"] == "Block"


def test_a_custom_sender_gets_the_event_and_no_code(api: Api) -> None:
    """Source: `@types/aws-lambda`, CustomEmailSender_AccountTakeOverNotification_UserAttributes."""
    sender = {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": TRIGGER}, "KMSKeyID": KEY}
    door = protected(api, {"High": "BLOCK"}, notify=OWN, LambdaConfig=sender)
    door.user()
    attempt(door)
    told = api.triggers.request("CustomEmailSender_AccountTakeOverNotification")
    about = told["userAttributes"]
    assert (told["type"], told["code"]) == ("customEmailSenderRequestV1", None)
    assert (about["USER_NAME"], about["ACCOUNT_TAKE_OVER_ACTION"], about["IP_ADDRESS"]) == ("ada", "BLOCK", "127.0.0.1")
    assert about["EVENT_ID"] == history(door)[0]["EventId"]
    assert about.keys() >= {"ONE_CLICK_LINK_VALID", "ONE_CLICK_LINK_INVALID", "LOGIN_TIME", "FEEDBACK_TOKEN"}
    [entry] = api.sent_to(EMAIL)
    assert (entry["source"], entry["body"]) == ("CustomEmailSender_AccountTakeOverNotification", "")


class TestFeedback:
    """The token of the mail, and nothing else, speaks for the user."""

    @pytest.fixture
    def door(self, api: Api) -> Door:
        door = protected(api, {"High": "BLOCK"}, notify=OWN)
        door.user()
        attempt(door)
        return door

    def say(self, door: Door, value: str, token: str, name: str = "ada") -> None:
        event = history(door)[0]["EventId"]
        given = {"Username": name, "EventId": event, "FeedbackToken": token, "FeedbackValue": value}
        door.api("UpdateAuthEventFeedback", UserPoolId=door.pool, **given)

    def test_the_newest_counts(self, api: Api, door: Door) -> None:
        token = mail(door)["text"].rpartition("|")[2]
        for value in ("Invalid", "Valid"):
            self.say(door, value, token)
        feedback = history(door)[0]["EventFeedback"]
        assert (feedback["FeedbackValue"], feedback["Provider"]) == ("Valid", "User")
        assert history(door)[0]["EventRisk"]["RiskDecision"] == "Block"

    def test_another_token_is_refused(self, api: Api, door: Door) -> None:
        """Attack: whoever reads an event's id, and speaks for its user; or another user, by its own mail's token."""
        token = mail(door)["text"].rpartition("|")[2]
        door.user("bob", email="bob@example.com")
        for name, given in (("ada", "a.token.of-mine"), ("bob", token), ("nobody", token)):
            with api.refused("NotAuthorizedException", "Invalid feedback token."):
                self.say(door, "Valid", given, name)
        assert "EventFeedback" not in history(door)[0]

    def test_the_links_of_a_pool_with_a_domain_say_the_same(self, api: Api, door: Door) -> None:
        links = template("BlockEmail") | {"TextBody": "{one-click-link-valid} {one-click-link-invalid}"}
        door = protected(api, {"High": "BLOCK"}, notify={**NOTIFY, "BlockEmail": links})
        api("CreateUserPoolDomain", UserPoolId=door.pool, Domain="gate-1")
        door.user()
        attempt(door)
        found = [urlsplit(link) for link in api.sent_to(EMAIL)[0]["text"].split()]
        assert [link.path for link in found] == ["/_aws/auth/gate-1/feedback"] * 2
        assert [dict(parse_qsl(link.query))["value"] for link in found] == ["Valid", "Invalid"]
