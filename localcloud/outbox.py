"""The mail and text messages that AWS would have sent: kept, newest first, for tests and for a developer to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.store import Entity, Store

KEPT = 50
"""Messages kept for each user; older ones go when a new one comes."""


@dataclass(frozen=True, slots=True)
class Message(Entity):
    """One message. `id` grows with time. `code` is what the message wants typed in, empty for plain notices."""

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


def send(ctx: Context, **fields: Any) -> None:
    """Keep a message; the fields are those of `Message` but for `id`, `recipient_key` and `sent`."""
    message_id = f"{int(ctx.now * 1_000_000):020}-{ctx.cloud.random(4).hex()}"
    message = Message(id=message_id, recipient_key=fields["recipient"].casefold(), sent=ctx.now, **fields)
    with ctx.store.transaction():
        ctx.store.put(message)
        for old in ctx.store.find(Message, sub=message.sub)[:-KEPT]:
            ctx.store.delete(Message, old.id)


def read(store: Store, to: str) -> Mapping[str, Any] | None:
    """What was sent to an address or a user's sub, newest first, and the newest code; None when there is nothing."""
    found = store.find(Message, recipient_key=to.casefold()) or store.find(Message, sub=to)
    if not found:
        return None
    shown = ("recipient", "username", "medium", "subject", "body", "code", "source", "sent")
    messages = [{name: getattr(message, name) for name in shown} for message in reversed(found)]
    code = next((message["code"] for message in messages if message["code"]), None)
    return {"code": code, "messages": messages}
