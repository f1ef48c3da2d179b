"""Mail that SES took, by whichever of its APIs: the engine keeps a record of each, and whoever wants it is told."""

from __future__ import annotations

import base64
import contextlib
import email.policy
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from localcloud.iam.actions import Call

if TYPE_CHECKING:
    from localcloud.aws.catalog import Catalog

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail to `recipients`, addresses without names; `operation` sent it. Texts are empty where there are none.

    Not in it: attachments, further headers, and the texts of SES v1's SendBulkTemplatedEmail.
    """

    operation: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str


async def _nobody(mail: SentMail) -> None:
    _log.info("nobody keeps a mail by %s", mail.operation)


class SentMails:
    """Hears of each mail. All of it belongs to the engine's loop."""

    def __init__(self, catalog: Catalog) -> None:
        """`keep` is called for each mail, and waited for, before whoever sent it has the answer."""
        self._catalog = catalog
        self.keep: Callable[[SentMail], Awaitable[None]] = _nobody

    @contextlib.asynccontextmanager
    async def heard(self, call: Call) -> AsyncIterator[None]:
        """Inside, the engine runs this call, in the scope of its Region: what it takes to send is kept."""
        if call.service not in ("ses", "sesv2") or not call.operation.startswith("Send"):
            yield
            return
        records = self._catalog.module("ses")._sent_emails_list()
        before = len(records)
        yield
        for record in records[before:]:
            await self.keep(_read(call, record))


def _read(call: Call, record: Mapping[str, Any]) -> SentMail:
    try:
        if content := _raw_content(call):
            return _read_message(call, content)
    except Exception as error:
        # What is no message makes email's parser raise many kinds. SES took it all the same, and so it was sent.
        # The kind alone is logged: the rest may quote the mail.
        _log.warning("a mail by %s cannot be read: %s", call.operation, type(error).__name__)
    return _read_record(call, record)


def _read_record(call: Call, record: Mapping[str, Any]) -> SentMail:
    """What the engine wrote down: `Rendered…` where it filled in a template by SES v1."""

    def found(name: str) -> str:
        return str(record.get(name) or record.get(f"Rendered{name}") or "")

    to = [address for field in ("To", "CC", "BCC") for address in record.get(field) or ()]
    texts = (found("Subject"), found("BodyText"), found("BodyHtml"))
    return SentMail(call.operation, found("Source"), _addresses(to), *texts)


def _raw_content(call: Call) -> bytes:
    """The message of a sender who wrote all of it, or nothing."""
    if call.service == "ses":
        return base64.b64decode(str(call.params.get("RawMessage.Data") or ""))
    content = json.loads(call.body).get("Content") or {}
    return base64.b64decode((content.get("Raw") or {}).get("Data") or "")


def _read_message(call: Call, content: bytes) -> SentMail:
    """A message by itself. The request's recipients, if it names any, come before those of the header."""
    message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content)
    header = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name) or ()]
    recipients = _addresses(_named_recipients(call) or header)
    sender, subject = (str(message.get(name, "")) for name in ("From", "Subject"))
    return SentMail(call.operation, sender, recipients, subject, _part(message, "plain"), _part(message, "html"))


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())


def _named_recipients(call: Call) -> list[str]:
    if call.service == "ses":
        return [str(value) for name, value in call.params.items() if name.startswith("Destinations.member.")]
    destination = json.loads(call.body).get("Destination") or {}
    return [address for field in ("To", "Cc", "Bcc") for address in destination.get(f"{field}Addresses") or ()]


def _addresses(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for _, address in getaddresses(texts) if address))
