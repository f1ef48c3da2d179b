"""Mail that is sent through SES can be read in the outbox, like a user pool's own, and only when SES took it."""

from __future__ import annotations

import json
import socket
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

SENDER = "News <news@mail.example>"
TEMPLATE = {"Subject": "Hello {{name}}", "Text": "Dear {{name}}", "Html": "<p>Dear {{name}}</p>"}


@pytest.fixture
def ses(real_time: LocalCloud) -> Any:
    client = root_client(real_time, "sesv2")
    client.create_email_identity(EmailIdentity="mail.example")
    return client


@pytest.fixture
def ses_v1(ses: Any, real_time: LocalCloud) -> Any:
    """The same identities by the first API."""
    return root_client(real_time, "ses")


def simple(**body: str) -> dict[str, Any]:
    return {"Subject": {"Data": "こんにちは"}, "Body": {kind: {"Data": text} for kind, text in body.items()}}


def message(to: str) -> bytes:
    """A mail with its text twice, and an attachment that is a text, too."""
    written = EmailMessage()
    written["From"], written["To"], written["Cc"], written["Subject"] = SENDER, f"Ada <{to}>", f"cc-{to}", "お知らせ"
    written.set_content("plain")
    written.add_alternative("<p>html</p>", subtype="html")
    written.add_attachment("not the mail", filename="notes.txt")
    return written.as_bytes()


def test_a_simple_mail(real_time: LocalCloud, ses: Any, email: str) -> None:
    to = {"ToAddresses": [f"Ada <{email}>"], "BccAddresses": [f"bcc-{email}"]}
    content = {"Simple": simple(Html="<p>html</p>", Text="plain")}
    ses.send_email(FromEmailAddress=SENDER, Destination=to, Content=content)
    (found,) = real_time.messages(email.upper())
    assert found.pop("sent") > 0
    assert found == {
        "recipient": email,
        "sender": SENDER,
        "username": "",
        "medium": "EMAIL",
        "subject": "こんにちは",
        "body": "<p>html</p>",
        "text": "plain",
        "code": "",
        "source": "SendEmail",
    }
    assert real_time.messages(f"bcc-{email}")[0]["body"] == "<p>html</p>"


def test_a_plain_text_by_the_first_api(real_time: LocalCloud, ses_v1: Any, email: str) -> None:
    ses_v1.send_email(Source=SENDER, Destination={"ToAddresses": [email]}, Message=simple(Text="plain & simple"))
    (found,) = real_time.messages(email)
    assert (found["subject"], found["body"], found["text"]) == ("こんにちは", "plain & simple", "")


@pytest.mark.parametrize("api", ["sesv2", "ses"])
@pytest.mark.usefixtures("ses")
def test_a_raw_mail_goes_to_whom_it_names(real_time: LocalCloud, api: str, email: str) -> None:
    client = root_client(real_time, api)
    if api == "ses":
        client.send_raw_email(RawMessage={"Data": message(email)})
    else:
        client.send_email(FromEmailAddress=SENDER, Content={"Raw": {"Data": message(email)}})
    for address in (email, f"cc-{email}"):
        (found,) = real_time.messages(address)
        assert (found["sender"], found["subject"]) == (SENDER, "お知らせ")
        assert (found["body"].strip(), found["text"].strip()) == ("<p>html</p>", "plain")


@pytest.mark.parametrize("api", ["sesv2", "ses"])
@pytest.mark.usefixtures("ses")
def test_a_raw_mail_goes_to_whom_the_request_names_instead(real_time: LocalCloud, api: str, email: str) -> None:
    client, elsewhere = root_client(real_time, api), f"elsewhere-{email}"
    if api == "ses":
        client.send_raw_email(Destinations=[elsewhere], RawMessage={"Data": message(email)})
    else:
        client.send_email(Destination={"ToAddresses": [elsewhere]}, Content={"Raw": {"Data": message(email)}})
    assert real_time.messages(elsewhere)[0]["subject"] == "お知らせ"
    assert real_time.messages(email) == []


def test_a_raw_mail_that_is_none_is_still_listed(real_time: LocalCloud, ses: Any, email: str) -> None:
    content = b"Content-Type: text/plain; charset=no-such-charset\r\nSubject: x\r\n\r\n\xff\xfe"
    ses.send_email(FromEmailAddress=SENDER, Destination={"ToAddresses": [email]}, Content={"Raw": {"Data": content}})
    (found,) = real_time.messages(email)
    assert (found["sender"], found["subject"]) == (SENDER, "x")


def test_templates_are_filled_in(real_time: LocalCloud, ses: Any, ses_v1: Any, email: str) -> None:
    name = email.partition("@")[0]
    ses.create_email_template(TemplateName=name, TemplateContent=TEMPLATE)
    data = json.dumps({"name": "Ada"})
    used: dict[str, Any] = {"Template": {"TemplateName": name, "TemplateData": data}}
    to = {"ToAddresses": [email]}
    ses.send_email(FromEmailAddress=SENDER, Destination=to, Content=used)
    entries = [{"Destination": {"ToAddresses": [address]}} for address in (email, f"second-{email}")]
    ses.send_bulk_email(FromEmailAddress=SENDER, DefaultContent=used, BulkEmailEntries=entries)
    ses_v1.send_templated_email(Source=SENDER, Destination=to, Template=name, TemplateData=data)
    found = real_time.messages(email)
    assert [mail["source"] for mail in found] == ["SendTemplatedEmail", "SendBulkEmail", "SendEmail"]
    assert {(mail["subject"], mail["body"], mail["text"]) for mail in found} == {
        ("Hello Ada", "<p>Dear Ada</p>", "Dear Ada")
    }
    assert len(real_time.messages(f"second-{email}")) == 1


def test_what_ses_refuses_is_not_there(real_time: LocalCloud, ses: Any, email: str) -> None:
    to, content = {"ToAddresses": [email]}, {"Simple": simple(Text="plain")}
    for sender in ("news@elsewhere.test", "news@mail.example.test"):
        with pytest.raises(ClientError):
            ses.send_email(FromEmailAddress=sender, Destination=to, Content=content)
    assert real_time.messages(email) == []


def test_fifty_are_kept_for_each_address(real_time: LocalCloud, ses: Any, email: str) -> None:
    content = {"Simple": simple(Text="plain")}
    for address, number in ((f"other-{email}", 1), (email, 51)):
        for _ in range(number):
            ses.send_email(FromEmailAddress=SENDER, Destination={"ToAddresses": [address]}, Content=content)
    assert (len(real_time.messages(email)), len(real_time.messages(f"other-{email}"))) == (50, 1)


def test_no_mail_leaves_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would hand mail on to a server that the environment names, and so to real people."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("SMTP_HOST", f"127.0.0.1:{server.getsockname()[1]}")
        cloud = LocalCloud(tmp_path / "data", ("--no-stack",)).start()
        try:
            client = root_client(cloud, "sesv2")
            client.create_email_identity(EmailIdentity="mail.example")
            to = {"ToAddresses": ["ada@example.com"]}
            client.send_email(FromEmailAddress=SENDER, Destination=to, Content={"Simple": simple(Text="plain")})
            assert len(cloud.messages("ada@example.com")) == 1
            server.settimeout(0.5)
            with pytest.raises(TimeoutError):
                server.accept()
        finally:
            cloud.kill()
