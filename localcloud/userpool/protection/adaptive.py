"""Adaptive authentication: what the pool does about the risk of a sign-in: nothing, a second factor, or a block.

The risk is looked at once, behind the first factor, so that nobody is told of sign-ins with a wrong password.

Source: Cognito developer guide, "Working with adaptive authentication"; API reference, `AccountTakeoverActionType`.
"""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.attempt import RISK, SignIn
from localcloud.userpool.configuration import risks
from localcloud.userpool.factors import second_factors
from localcloud.userpool.protection import notices

_NO_RISK = "NoRisk"


def consider(ctx: Context, s: SignIn) -> SignIn:
    """The sign-in with what its risk asks for. Raises NotAuthorizedException where it is blocked."""
    mode = risks.mode_of(s.pool.config, s.flow)
    if not s.first_proven or RISK in s.notes or mode == "OFF":
        return s
    level = _level(ctx, s)
    s = s.noting(**{RISK: level or _NO_RISK})
    if not level:
        return s
    if mode == "AUDIT":
        return auth_events.at_risk(ctx, s, level)
    return _act(ctx, s, level)


def _level(ctx: Context, s: SignIn) -> str:
    """The risk that somebody has said this sign-in has; none from an address that is always allowed."""
    user = s.known_user
    addresses = (user.attributes.get(name, "") for name in ("email", "phone_number"))
    level = ctx.cloud.assessments.take({s.username, user.username, user.sub, *addresses}, ctx.source_ip)
    return "" if risks.skips_address(ctx, s.pool, s.client.id) else level


def _act(ctx: Context, s: SignIn, level: str) -> SignIn:
    action = risks.action_for(ctx, s.pool, s.client.id, level)
    wants_factor = action.event in ("MFA_IF_CONFIGURED", "MFA_REQUIRED") and not s.mfa_proven
    s = second_factors.demanding(s) if wants_factor else s
    # Attack: whoever has the password of somebody without a second factor, and is asked for none, or sets one up.
    can_show = s.mfa_proven or (second_factors.is_open(s) and second_factors.usable(s))
    blocked = action.event == "BLOCK" or (action.event == "MFA_REQUIRED" and not can_show)
    s = auth_events.at_risk(ctx, s, level, blocked=blocked)
    if action.notify:
        asks = wants_factor and second_factors.is_open(s)
        notices.send(ctx, s, "BlockEmail" if blocked else "MfaEmail" if asks else "NoActionEmail", action.event)
    if blocked:
        raise AwsError("NotAuthorizedException", risks.BLOCKED)
    return s
