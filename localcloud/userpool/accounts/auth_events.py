"""The history of users, which a pool with threat protection keeps: who signed in, or tried to, from where.

Source: API reference, `AuthEventType`; Cognito developer guide, "Viewing and exporting user event history".
"""

from __future__ import annotations

from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import ids
from localcloud.userpool.accounts.users import stand_in_user
from localcloud.userpool.attempt import EVENT, SignIn
from localcloud.userpool.configuration import log_delivery, risks
from localcloud.userpool.configuration.pool_state import AuthEvent
from localcloud.userpool.models import AppClient, User, UserPool

MOST = 200
"""Events that are kept of one user, the newest."""

_LONGEST = 256
_WRONG = ("NotAuthorizedException", "CodeMismatchException")
_CHALLENGES = {
    **dict.fromkeys(("PASSWORD", "PASSWORD_VERIFIER"), "Password"),
    **dict.fromkeys(("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"), "Mfa"),
}


def record(
    ctx: Context, pool: UserPool, client_id: str, user: User, kind: str, response: str = "Pass", **more: Any
) -> AuthEvent | None:
    """Keep an event of this kind (`SignUp`, `ForgotPassword`, …), where the pool keeps any; never in a transaction."""
    if not risks.is_on(pool.config):
        return None
    event = AuthEvent(
        pool_id=pool.id,
        sub=user.sub,
        rank=f"{10**13 - int(ctx.now * 1000):013}",
        id=ids.uuid4(ctx),
        type=kind,
        response=response,
        challenges=more.pop("challenges", []),
        address=ctx.source_ip,
        device=ctx.user_agent[:_LONGEST],
        client_id=client_id,
        created=ctx.now,
        **more,
    )
    return _keep(ctx, user, event)


def check_address(ctx: Context, pool: UserPool, client: AppClient, user: User | None) -> None:
    """Raise NotAuthorizedException for a sign-in from an address that the pool always blocks."""
    if not risks.blocks_address(ctx, pool, client.id):
        return
    if user is not None:
        record(ctx, pool, client.id, user, "SignIn", "Fail", decision="Block")
    raise AwsError("NotAuthorizedException", risks.BLOCKED)


def answered(ctx: Context, s: SignIn, challenge: str) -> SignIn:
    """The sign-in with this answer, which was right, in its event; all of one sign-in is one event."""
    name = _CHALLENGES.get(challenge)
    return _noted(ctx, s, "InProgress", (name, "Success")) if name else s


def refused(ctx: Context, s: SignIn, challenge: str, code: str = "NotAuthorizedException") -> None:
    """An answer was refused with this error code: in the event, where the answer was wrong and not only malformed."""
    name = _CHALLENGES.get(challenge)
    if name and code in _WRONG:
        _noted(ctx, s, "Fail", (name, "Failure"))


def failed(ctx: Context, s: SignIn) -> None:
    """The triggers of CUSTOM_AUTH have ended the sign-in; what they ask has no name in a history."""
    _noted(ctx, s, "Fail")


def passed(ctx: Context, s: SignIn) -> SignIn:
    """The sign-in has reached its end."""
    return _noted(ctx, s, "Pass")


def at_risk(ctx: Context, s: SignIn, level: str, *, blocked: bool = False) -> SignIn:
    """The sign-in with its risk, `Low`, `Medium` or `High`, in its event, and whether it was blocked for that."""
    response, decision = ("Fail", "Block") if blocked else ("InProgress", "AccountTakeover")
    return _noted(ctx, s, response, level=level, decision=decision)


def id_of(s: SignIn) -> str:
    """The id of the sign-in's event, which its tokens have as well; empty where there is none."""
    return s.notes.get(EVENT, "")


def of_user(ctx: Context, user: User, event_id: str) -> AuthEvent | None:
    """The event of that id, of this user."""
    found = ctx.store.find(AuthEvent, pool_id=user.pool_id, sub=user.sub, id=event_id, limit=1)
    return found[0] if found else None


def require(ctx: Context, user: User, event_id: str) -> AuthEvent:
    """The event of that id, of this user. Raises ResourceNotFoundException."""
    found = of_user(ctx, user, event_id)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"The event {event_id} does not exist.")
    return found


def describe(event: AuthEvent) -> dict[str, Any]:
    """An `AuthEventType`. Where in the world an address is, nobody knows here."""
    return {
        "EventId": event.id,
        "EventType": event.type,
        "CreationDate": event.created,
        "EventResponse": event.response,
        "EventRisk": {
            "RiskDecision": event.decision,
            **({"RiskLevel": event.level} if event.level else {}),
            "CompromisedCredentialsDetected": False,
        },
        "ChallengeResponses": [
            {"ChallengeName": name, "ChallengeResponse": answer} for name, answer in event.challenges
        ],
        "EventContextData": {"IpAddress": event.address, "DeviceName": event.device},
        **({"EventFeedback": event.feedback} if event.feedback else {}),
    }


def _noted(ctx: Context, s: SignIn, response: str, *answers: tuple[str, str], **risk: str) -> SignIn:
    """The sign-in with this in its event, which begins with the first of it."""
    if risks.mode_of(s.pool.config, s.flow) == "OFF":
        return s
    # Attack: telling by the time that it takes whether there was a history to write to.
    user = s.user or stand_in_user(ctx, s.pool, s.username)
    begun = of_user(ctx, user, id_of(s))
    if begun is not None:
        _keep(ctx, user, replaced(begun, response=response, challenges=[*begun.challenges, *answers], **risk))
        return s
    made = record(ctx, s.pool, s.client.id, user, "SignIn", response, challenges=[*answers], **risk)
    if s.user is None:
        ctx.store.delete_where(AuthEvent, pool_id=s.pool.id, sub=user.sub)
    return s.noting(**{EVENT: made.id}) if made else s


def _keep(ctx: Context, user: User, event: AuthEvent) -> AuthEvent:
    with ctx.store.transaction():
        ctx.store.put(event)
        if ctx.store.count(AuthEvent, pool_id=user.pool_id, sub=user.sub) > MOST:
            for old in ctx.store.find(AuthEvent, pool_id=user.pool_id, sub=user.sub)[MOST:]:
                ctx.store.delete(AuthEvent, *(getattr(old, name) for name in AuthEvent.KEY))
    # A stand-in is nobody whose activity there is a log of.
    if user.status != "UNKNOWN":
        log_delivery.send(ctx, user.username, event)
    return event
