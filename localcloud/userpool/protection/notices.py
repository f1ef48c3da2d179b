"""The mail that tells a user of a sign-in with a risk, in the pool's words or in these.

Source: API reference, `NotifyConfigurationType`; Cognito developer guide, "Message templates"; the custom sender's
event is that of `@types/aws-lambda`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from html import escape

from localcloud import outbox
from localcloud.context import Context
from localcloud.userpool import triggers
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.configuration import risks
from localcloud.userpool.protection import feedback

_SOURCE = "AccountTakeOverNotification"
_NOWHERE = "unknown"
"""Where in the world an address is, nobody knows here."""

_ABOUT = "Time: {login-time}\nDevice: {device-name}\nAddress: {ip-address}\n"
_SUBJECTS = {
    "BlockEmail": "A sign-in was blocked",
    "MfaEmail": "A sign-in was asked for a second factor",
    "NoActionEmail": "A new sign-in",
}


def send(ctx: Context, s: SignIn, kind: str, action: str) -> None:
    """Tell the sign-in's user, if it has a mail address: `kind` names the template, `action` what the pool did."""
    user = s.known_user
    to = user.attributes.get("email")
    if not to:
        return None
    about = {"recipient": to, "sub": user.sub, "username": user.username, "medium": "EMAIL", "code": ""}
    values = _values(ctx, s)
    if triggers.has_sender(s.pool, "EMAIL"):
        sent = triggers.hand_notice(ctx, s.pool, s.client.id, user, _SOURCE, _for_sender(values, action))
        return outbox.send(ctx, **about, subject="", body="", source=sent)
    config = risks.notify_configuration(ctx, s.pool, s.client.id)
    template: Mapping[str, str] = {**_default(kind), **(config.get(kind) or {})}
    shown = {name: escape(value) for name, value in values.items()}
    outbox.send(
        ctx,
        **about,
        subject=_filled(template["Subject"], values),
        body=_filled(template.get("HtmlBody", ""), shown),
        text=_filled(template.get("TextBody", ""), values),
        sender=config.get("From", ""),
        source=_SOURCE,
    )
    return None


def _values(ctx: Context, s: SignIn) -> dict[str, str]:
    """Placeholder → what stands there."""
    user, event_id = s.known_user, auth_events.id_of(s)
    valid, invalid = feedback.links(ctx, s.pool, user, event_id)
    return {
        "username": user.username,
        "ip-address": ctx.source_ip,
        "city": _NOWHERE,
        "country": _NOWHERE,
        "login-time": time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(ctx.now)),
        "device-name": ctx.user_agent or _NOWHERE,
        "one-click-link-valid": valid,
        "one-click-link-invalid": invalid,
        "event-id": event_id,
        "feedback-token": feedback.token(ctx, s.pool.id, user.sub, event_id),
    }


def _for_sender(values: Mapping[str, str], action: str) -> dict[str, str]:
    """The same in the words of the custom sender's event."""
    names = {"username": "user-name"}
    told = {names.get(name, name).replace("-", "_").upper(): value for name, value in values.items()}
    return {**told, "ACCOUNT_TAKE_OVER_ACTION": action}


def _default(kind: str) -> dict[str, str]:
    links = "It was me: {one-click-link-valid}\nIt was not me: {one-click-link-invalid}\n"
    return {"Subject": _SUBJECTS[kind], "TextBody": f"{_SUBJECTS[kind]}.\n{_ABOUT}{links}"}


def _filled(text: str, values: Mapping[str, str]) -> str:
    # Attack: a browser's name that is a placeholder. What was put in is not looked at again.
    return re.sub(r"\{([a-z-]+)\}", lambda found: values.get(found[1], found[0]), text)
