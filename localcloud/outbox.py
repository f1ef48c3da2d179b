"""The mail and text messages that AWS would have sent: kept, newest first, for tests and for a developer to read.

A user pool sends here by itself. What anybody sends through SES comes when the engine took it (`aws/sent_mail.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.context import Context
from localcloud.store import Entity, Store

if TYPE_CHECKING:
    from localcloud.aws.sent_mail import SentMail

KEPT = 50
"""Messages kept for each address; older ones go when a new one comes."""


@dataclass(frozen=True, slots=True)
class Message(Entity):
    """One message. `id` grows with time. `code` is what a user pool wants typed in, empty for all else.

    `body` is a mail's HTML if it has any, and `text` its plain text where SES sent both. A mail through SES has no user
    (`sub`, `username`), and a message of a user pool no `sender`, as that is the pool's; but for a notice of a risk.
    """

    KEY = ("id",)
    INDEXES = (("recipient_key",), ("sub",))
    id: str
    recipient_key: str
    recipient: str
    sub: str
    username: str
    medium: str
    subject: str
    body: str
    code: str
    source: str
    sent: float
    sender: str = ""
    text: str = ""


def send(ctx: Context, **fields: Any) -> None:
    """Keep a message of a user pool; the fields are those of `Message` but for `id`, `recipient_key` and `sent`."""
    message_id = f"{int(ctx.now * 1_000_000):020}-{ctx.cloud.random(4).hex()}"
    message = Message(id=message_id, recipient_key=fields["recipient"].casefold(), sent=ctx.now, **fields)
    with ctx.store.transaction():
        ctx.store.put(message)
        for old in ctx.store.find(Message, recipient_key=message.recipient_key)[:-KEPT]:
            ctx.store.delete(Message, old.id)


def send_mail(ctx: Context, mail: SentMail) -> None:
    """Keep a mail that SES took, once for each of its recipients."""
    for recipient in mail.recipients:
        send(
            ctx,
            recipient=recipient,
            sub="",
            username="",
            medium="EMAIL",
            subject=mail.subject,
            body=mail.html or mail.text,
            code="",
            source=mail.operation,
            sender=mail.sender,
            text=mail.text if mail.html else "",
        )


def read(store: Store, to: str) -> Mapping[str, Any] | None:
    """What was sent to an address or a user's sub, newest first, and the newest code; None when there is nothing."""
    found = store.find(Message, recipient_key=to.casefold()) or store.find(Message, sub=to)
    if not found:
        return None
    shown = ("recipient", "sender", "username", "medium", "subject", "body", "text", "code", "source", "sent")
    messages = [{name: getattr(message, name) for name in shown} for message in reversed(found)]
    code = next((message["code"] for message in messages if message["code"]), None)
    return {"code": code, "messages": messages}
