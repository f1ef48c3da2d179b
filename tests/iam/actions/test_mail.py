"""SES decides on the identity that a message is sent as, on whatever else it uses, and on who writes to whom."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call

PREFIX = "arn:aws:ses:us-east-1:000000000000:"
ADA, DOMAIN = f"{PREFIX}identity/ada@example.com", f"{PREFIX}identity/example.com"
TO = "Destination.ToAddresses.member.1"


def v1(operation: str, **params: Any) -> list[Check]:
    return checks(call("ses", operation, params), RESOURCES)


def v2(operation: str, path: str = "/v2/email/outbound-emails", **params: Any) -> list[Check]:
    return checks(call("sesv2", operation, path=path, body=json.dumps(params).encode()), RESOURCES)


def asked(found: list[Check]) -> list[tuple[str, str]]:
    return [(check.action, check.resource) for check in found]


def raw(header: str) -> str:
    return base64.b64encode(f"{header}\r\nSubject: Hello\r\n\r\nFrom: x@example.org\r\n".encode()).decode()


@pytest.mark.parametrize(
    ("sender", "arn"),
    [
        ("ada@example.com", ADA),
        ("Ada <ada@example.com>", ADA),
        ("bob@example.com", DOMAIN),
        ("eve@example.org", f"{PREFIX}identity/eve@example.org"),
    ],
)
def test_the_nearest_identity_of_the_sender(sender: str, arn: str) -> None:
    assert asked(v1("SendEmail", Source=sender)) == [("ses:SendEmail", arn)]
    content = {"Simple": {"Subject": {"Data": "x"}}}
    assert asked(v2("SendEmail", FromEmailAddress=sender, Content=content)) == [("ses:SendEmail", arn)]


def test_who_writes_to_whom() -> None:
    more = {TO: "bob@example.com", "Destination.BccAddresses.member.1": "Eve <eve@example.org>"}
    (check,) = v1("SendEmail", Source='"Ada, L" <ada@example.com>', ReturnPath="back@example.com", **more)
    assert check.context == {
        "ses:ApiVersion": "1",
        "ses:FeedbackAddress": "back@example.com",
        "ses:FromAddress": "ada@example.com",
        "ses:FromDisplayName": "Ada, L",
        "ses:Recipients": ("bob@example.com", "eve@example.org"),
    }


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "ada@example.com, eve@example.org",
        "ada@example.com <eve@example.org",
        "<eve@example.org> <ada@example.com>",
        "ada@example.com (eve@example.org)",
        "ada@example.com\r\nFrom: eve@example.org",
        "eve@example.org:ada@example.com",
        '"\\" <eve@example.org> "<ada@example.com>',
        "undisclosed:ada@example.com;",
    ],
)
def test_a_sender_that_two_readers_could_take_differently(sender: str) -> None:
    assert v1("SendEmail", Source=sender) == []


def test_recipients_with_a_gap_are_not_understood() -> None:
    assert v1("SendEmail", Source="ada@example.com", **{"Destination.ToAddresses.member.2": "eve@example.org"}) == []


def test_an_identity_that_is_named_must_be_the_senders() -> None:
    """Attack: one's own identity, named beside somebody else's address."""
    assert asked(v1("SendEmail", Source="ada@example.com", SourceArn=DOMAIN)) == [("ses:SendEmail", DOMAIN)]
    assert asked(v1("SendEmail", Source="a@mail.example.com", SourceArn=DOMAIN)) == [("ses:SendEmail", DOMAIN)]
    for sender in ("eve@example.org", "eve@notexample.com", "eve@com"):
        assert v1("SendEmail", Source=sender, SourceArn=DOMAIN) == []
    elsewhere = DOMAIN.replace("000000000000", "111111111111")
    assert v1("SendEmail", Source="ada@example.com", SourceArn=elsewhere) == []


def test_templates_and_configuration_sets_are_asked_too() -> None:
    more = {"Template": "welcome", "ConfigurationSetName": "all"}
    expected = [ADA, f"{PREFIX}configuration-set/all", f"{PREFIX}template/welcome"]
    for operation in ("SendTemplatedEmail", "SendBulkTemplatedEmail"):
        found = v1(operation, Source="ada@example.com", **more)
        assert asked(found) == [(f"ses:{operation}", arn) for arn in expected]
    assert v1("SendTemplatedEmail", Source="ada@example.com", Template="*") == []


def test_all_recipients_of_a_bulk_mail() -> None:
    to = {f"Destinations.member.{n}.Destination.ToAddresses.member.1": f"u{n}@example.com" for n in (1, 2)}
    found = v1("SendBulkTemplatedEmail", Source="ada@example.com", Template="welcome", **to)
    assert found[0].context["ses:Recipients"] == ("u1@example.com", "u2@example.com")


def test_a_message_with_its_own_header() -> None:
    header = raw(
        "From: Ada <ada@example.com>\r\nTo: bob@example.com,\r\n eve@example.org\r\nReturn-Path: r@example.com"
    )
    (check,) = v1("SendRawEmail", **{"RawMessage.Data": header})
    assert (check.action, check.resource) == ("ses:SendRawEmail", ADA)
    assert check.context["ses:Recipients"] == ("bob@example.com", "eve@example.org")
    assert check.context["ses:FeedbackAddress"] == "r@example.com"


def test_both_senders_of_a_raw_message_are_asked() -> None:
    """Attack: one's own address outside, another one inside, where people see it."""
    found = v1("SendRawEmail", Source="ada@example.com", **{"RawMessage.Data": raw("From: bob@example.com")})
    assert [check.context["ses:FromAddress"] for check in found] == ["ada@example.com", "bob@example.com"]
    assert asked(found) == [("ses:SendRawEmail", ADA), ("ses:SendRawEmail", DOMAIN)]


@pytest.mark.parametrize(
    "header",
    [
        "To: bob@example.com",
        "From: ada@example.com\r\nFrom: eve@example.org",
        "From: ada@example.com\r\nSender: eve@example.org",
        f"From: ada@example.com\r\nX-SES-SOURCE-ARN: {DOMAIN}",
        "From: ada@example.com, eve@example.org",
    ],
)
def test_a_header_with_other_senders_is_not_understood(header: str) -> None:
    assert v1("SendRawEmail", **{"RawMessage.Data": raw(header)}) == []


def test_the_second_version() -> None:
    sender: dict[str, Any] = {
        "FromEmailAddress": "ada@example.com",
        "Destination": {"ToAddresses": ["bob@example.com"]},
    }
    (check,) = v2("SendEmail", **sender, Content={"Raw": {"Data": raw("From: ada@example.com")}})
    assert check.action == "ses:SendRawEmail"
    assert check.context["ses:ApiVersion"] == "2"
    template = {"Template": {"TemplateName": "welcome"}}
    assert {pair[0] for pair in asked(v2("SendEmail", **sender, Content=template))} == {
        "ses:SendEmail", "ses:SendTemplatedEmail",
    }  # fmt: skip
    assert {pair[1] for pair in asked(v2("SendEmail", **sender, Content=template))} == {
        ADA,
        f"{PREFIX}template/welcome",
    }
    two = {"Template": {"TemplateName": "welcome", "TemplateArn": f"{PREFIX}template/other"}}
    assert v2("SendEmail", **sender, Content=two) == []
    assert v2("SendEmail", **sender, Content={}) == []
    assert v2("SendEmail", **sender, Content=template | {"Simple": {"Subject": {"Data": "x"}}}) == []


def test_bulk_mail_of_the_second_version() -> None:
    entries = [{"Destination": {"ToAddresses": [address]}} for address in ("bob@example.com", "eve@example.org")]
    content = {"Template": {"TemplateArn": f"{PREFIX}template/welcome"}}
    found = v2("SendBulkEmail", FromEmailAddress="ada@example.com", BulkEmailEntries=entries, DefaultContent=content)
    assert {check.resource for check in found} == {ADA, f"{PREFIX}template/welcome"}
    assert found[0].context["ses:Recipients"] == ("bob@example.com", "eve@example.org")


@pytest.mark.parametrize(
    ("operation", "path", "params", "resource"),
    [
        ("GetEmailIdentity", "identities/ada@example.com", {}, ADA),
        ("DeleteEmailIdentity", "identities/example.com", {}, DOMAIN),
        ("CreateEmailIdentity", "identities", {"EmailIdentity": "ada@example.com"}, ADA),
        ("GetEmailTemplate", "templates/welcome", {}, f"{PREFIX}template/welcome"),
        ("GetConfigurationSet", "configuration-sets/all", {}, f"{PREFIX}configuration-set/all"),
        ("GetAccount", "account", {}, "*"),
        ("ListEmailIdentities", "identities", {}, "*"),
        ("GetEmailIdentity", "identities/*", {}, ""),
        ("GetEmailTemplate", "templates/a/../b", {}, ""),
        ("PutDedicatedIpInPool", "dedicated-ips/1.2.3.4/pool", {}, ""),
    ],
)
def test_management_of_the_second_version(operation: str, path: str, params: dict[str, Any], resource: str) -> None:
    expected = [(f"ses:{operation}", resource)] if resource else []
    assert asked(v2(operation, f"/v2/email/{path}", **params)) == expected


def test_management_of_the_first_version_has_no_resource() -> None:
    assert asked(v1("VerifyEmailIdentity", EmailAddress="ada@example.com")) == [("ses:VerifyEmailIdentity", "*")]
    assert v1("CreateReceiptRule") == []
