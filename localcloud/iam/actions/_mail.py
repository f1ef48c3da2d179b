"""What SES decides on when mail is sent: the sender's identity, and who writes to whom.

https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser
from typing import NamedTuple

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.request import ContextValue

# No control characters, quotes, groups or comments: readers of a strange address would not agree on it.
_ADDRESS = re.compile(r"""[^\s\x00-\x1f\x7f<>"@,;:()\\]+@[A-Za-z0-9.-]+""")
_NAME = re.compile(r"""[^\x00-\x1f\x7f<>"@,;:()\\]*|"[^\x00-\x1f\x7f"\\]*\"""")
_RESOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SENDERS = frozenset({"resent-from", "resent-sender", "sender"})


class Mailbox(NamedTuple):
    """An address, and the name shown for it."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What a request to send mail names: addresses as texts, ARNs of senders' identities, and other resources used."""

    senders: Sequence[str]
    recipients: Sequence[str] = ()
    feedback: str = ""
    identity_arn: str = ""
    resources: Sequence[str] = ()


def mail_checks(call: Call, catalog: Catalog, actions: Sequence[str], version: str, mail: Mail) -> list[Check]:
    """Each action on each sender's identity and on each other resource. Raises NotUnderstoodError."""
    context: dict[str, ContextValue] = {"ses:ApiVersion": version}
    if mail.recipients:
        context["ses:Recipients"] = tuple(read_mailbox(text).address for text in mail.recipients)
    if mail.feedback:
        context["ses:FeedbackAddress"] = read_mailbox(mail.feedback).address
    senders = dict.fromkeys(read_mailbox(text) for text in mail.senders)
    if not senders:
        raise NotUnderstoodError
    found = []
    for sender in senders:
        named: dict[str, ContextValue] = {"ses:FromAddress": sender.address}
        if sender.name:
            named["ses:FromDisplayName"] = sender.name
        resources = [_identity_arn(call, catalog, sender.address, mail.identity_arn), *mail.resources]
        found += [Check(f"ses:{action}", arn, {**context, **named}) for action in actions for arn in resources]
    return found


def read_mailbox(text: str) -> Mailbox:
    """An address with or without a name. Raises NotUnderstoodError for whatever readers could take differently."""
    shown, angle, address = text.strip(" ").removesuffix(">").rpartition("<")
    name = shown.strip(" ")
    closed = text.strip(" ").endswith(">")
    if closed != bool(angle) or not _ADDRESS.fullmatch(address) or not _NAME.fullmatch(name):
        raise NotUnderstoodError
    return Mailbox(address, name.strip('"'))


def read_message(content: bytes) -> Mail:
    """The senders and recipients in a message's own header. Raises NotUnderstoodError."""
    message = BytesHeaderParser().parsebytes(content)
    names = {name.lower() for name in message}
    # Attack: other senders than `From`, or another account's identity, in a header that SES obeys.
    if _SENDERS & names or any(name.startswith("x-ses-") and name != "x-ses-message-tags" for name in names):
        raise NotUnderstoodError
    to = [text for name in ("To", "Cc", "Bcc") for text in _header(message, name).split(",") if text.strip()]
    return Mail([_header(message, "From")], to, _header(message, "Return-Path"))


def with_header(mail: Mail, content: bytes) -> Mail:
    """A raw message, whose header may differ from what the request says: both senders are asked.

    Recipients and feedback address of the request come before those of the header. Raises NotUnderstoodError.
    """
    header = read_message(content)
    return replace(
        mail,
        senders=[sender for sender in (*mail.senders, *header.senders) if sender],
        recipients=mail.recipients or header.recipients,
        feedback=mail.feedback or header.feedback,
    )


def resource_arn(call: Call, kind: str, name: str) -> str:
    """The ARN of a template or configuration set. Raises NotUnderstoodError."""
    if not _RESOURCE.fullmatch(name):
        raise NotUnderstoodError
    return f"arn:aws:ses:{call.region}:{call.account}:{kind}/{name}"


def _identity_arn(call: Call, catalog: Catalog, address: str, given: str) -> str:
    """The identity that an address is sent as: the one that is named, if it is one for it, else the nearest."""
    prefix = f"arn:aws:ses:{call.region}:{call.account}:identity/"
    if not given:
        return prefix + (catalog.mail_identity(call.region, address) or address)
    # Attack: an identity that the caller may use, named beside an address of another one.
    name = given.removeprefix(prefix)
    if not given.startswith(prefix) or not (name == address or f".{address.rpartition('@')[2]}".endswith(f".{name}")):
        raise NotUnderstoodError
    return given


def _header(message: Message, name: str) -> str:
    """A header's text on one line, empty when there is none. Raises NotUnderstoodError for one that comes twice."""
    values = message.get_all(name) or []
    if len(values) > 1 or not all(isinstance(value, str) for value in values):
        raise NotUnderstoodError
    return re.sub(r"\r?\n[ \t]+", " ", values[0]) if values else ""
