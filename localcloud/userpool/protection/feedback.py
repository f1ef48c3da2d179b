"""Feedback of a user on one of its events: by the token, or one of the two links, of the mail that told of it."""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.configuration import domains
from localcloud.userpool.configuration.pool_state import AuthEvent
from localcloud.userpool.models import User, UserPool

PATH = "/feedback"
"""Where the links of a mail lead, behind the pool's domain. AWS's own path is in no document."""

VALUES = ("Valid", "Invalid")


def token(ctx: Context, pool_id: str, sub: str, event_id: str) -> str:
    """What proves that a mail about this event was read."""
    return ctx.cloud.sealer.digest("feedback", pool_id, sub, event_id)


def links(ctx: Context, pool: UserPool, user: User, event_id: str) -> tuple[str, str]:
    """The addresses that say that an event was the user's own, and that it was not; empty where there is no domain."""
    domain = domains.of_pool(ctx, pool.id)
    if domain is None:
        return "", ""
    about = {"user": user.sub, "event": event_id, "token": token(ctx, pool.id, user.sub, event_id)}
    valid, invalid = (
        f"{domains.address(ctx.cloud, domain.domain)}{PATH}?{urlencode({**about, 'value': value})}" for value in VALUES
    )
    return valid, invalid


def check_token(ctx: Context, pool_id: str, sub: str, event_id: str, given: str) -> None:
    """Raise NotAuthorizedException for a token of another event. Attack: speaking for the user of an event."""
    if not hmac.compare_digest(token(ctx, pool_id, sub, event_id).encode(), given.encode()):
        raise AwsError("NotAuthorizedException", "Invalid feedback token.")


def keep(ctx: Context, event: AuthEvent, value: str, provider: str) -> None:
    """Keep what `User` or `Admin` says of an event; the newest counts."""
    with ctx.store.transaction():
        kept = ctx.store.get(AuthEvent, event.pool_id, event.sub, event.rank, event.id)
        if kept is not None:
            said = {"FeedbackValue": value, "Provider": provider, "FeedbackDate": ctx.now}
            ctx.store.put(replaced(kept, feedback=said))


def by_user(ctx: Context, pool: UserPool, user: User | None, event_id: str, given: str, value: str) -> None:
    """Take a user's feedback. Raises NotAuthorizedException, for a name that nobody has as for a wrong token."""
    check_token(ctx, pool.id, user.sub if user else "", event_id, given)
    event = auth_events.of_user(ctx, user, event_id) if user else None
    if event is not None:
        keep(ctx, event, value, "User")
