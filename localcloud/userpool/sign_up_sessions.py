"""From sign-up straight into the first sign-in: the code that confirmed the account is its first factor.

SignUp's session goes to ConfirmSignUp, and that one's to InitiateAuth with USER_AUTH. Source: Cognito developer guide,
"Passwordless sign-in with one-time passwords", "Automatic sign-in with OTPs".
"""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import sessions
from localcloud.userpool.accounts.account import check_without_password
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import first_factors
from localcloud.userpool.models import AppClient, User
from localcloud.userpool.sessions import SealedSession

_SIGNED_UP, _CONFIRMED = "SIGN_UP", "CONFIRM_SIGN_UP"


def signed_up(ctx: Context, client: AppClient, user: User) -> dict[str, str]:
    """What SignUp answers with beside the rest: nothing where the client has no use for it."""
    return _session(ctx, client, user, _SIGNED_UP, "") if client.allows("USER_AUTH") else {}


def confirming(ctx: Context, client: AppClient, user: User, session: str | None) -> SealedSession | None:
    """SignUp's session, which comes with the code; None without one, or where it is over.

    Raises NotAuthorizedException for a session of anybody else.
    """
    opened = sessions.peek(ctx, session) if session else None
    if session is None or (opened is not None and ctx.now > opened.expires):
        return None
    return _open(ctx, client, user, session, _SIGNED_UP)


def confirmed(
    ctx: Context, client: AppClient, user: User, opened: SealedSession | None, attribute: str | None
) -> dict[str, str]:
    """What ConfirmSignUp answers with: nothing without SignUp's session."""
    if opened is None or attribute is None:
        return {}
    sessions.spend(ctx, opened.id)
    return _session(ctx, client, user, _CONFIRMED, attribute)


def go_on(ctx: Context, s: SignIn, session: str) -> SignIn:
    """The sign-in with the code that confirmed its account as its first factor, where that is one for this user.

    Raises NotAuthorizedException.
    """
    opened = _open(ctx, s.client, s.known_user, session, _CONFIRMED)
    sessions.spend(ctx, opened.id)
    attribute = opened.state["attribute"]
    factor = next(name for name, kept in first_factors.ADDRESS.items() if kept == attribute)
    if factor not in first_factors.available(ctx, s):
        return s
    check_without_password(ctx, s.known_user)
    return s.proving(factor)


def _session(ctx: Context, client: AppClient, user: User, step: str, attribute: str) -> dict[str, str]:
    state = {"pool_id": user.pool_id, "sub": user.sub, "attribute": attribute}
    return {"Session": sessions.issue(ctx, step, client.id, ctx.now + client.session_seconds, state)}


def _open(ctx: Context, client: AppClient, user: User, session: str, step: str) -> SealedSession:
    """The session of this step. Attack: another user's confirmation, or one that was used."""
    opened = sessions.open_session(ctx, session, step, client.id)
    if (opened.state["pool_id"], opened.state["sub"]) != (user.pool_id, user.sub):
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    return opened
