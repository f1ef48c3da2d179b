"""Threat protection: what of it is run here, and what is refused.

Nobody assesses risks here: a sign-in has the risk that `/_localcloud/risks` was told, and what its pool does about the
risk of a takeover is done. Leaked passwords nobody knows here: a pool that would act on them is refused by name.

Source: API reference, `SetRiskConfiguration`; Cognito developer guide, "Advanced security with threat protection".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import RiskConfiguration
from localcloud.userpool.configuration.settings import unsupported
from localcloud.userpool.models import UserPool

_PARTS = ("CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration")
_EVENTS = ("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE")

BLOCKED = "Unable to login because of security reasons."
"""What somebody hears whose sign-in is blocked."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a pool does about a risk: an `EventAction` of AWS, and whether the user is told."""

    event: str
    notify: bool


def mode_of(config: Mapping[str, Any], flow: str = "") -> str:
    """`OFF`, `AUDIT` or `ENFORCED`, of a pool's settings: that of a flow, as CUSTOM_AUTH has a mode of its own."""
    add_ons = config.get("UserPoolAddOns") or {}
    if flow == "CUSTOM_AUTH":
        return str((add_ons.get("AdvancedSecurityAdditionalFlows") or {}).get("CustomAuthMode", "OFF"))
    return str(add_ons.get("AdvancedSecurityMode", "OFF"))


def is_on(config: Mapping[str, Any]) -> bool:
    """Whether a pool of these settings keeps a history of its users, be it of one kind of sign-ins only."""
    return {mode_of(config), mode_of(config, "CUSTOM_AUTH")} != {"OFF"}


def require_mode(pool: UserPool) -> None:
    """Raise UserPoolAddOnNotEnabledException where a pool keeps no history of its users."""
    if not is_on(pool.config):
        raise AwsError("UserPoolAddOnNotEnabledException", "Threat protection is not enabled for the user pool.")


def wanted(request: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration that SetRiskConfiguration names, with AWS's defaults. Raises InvalidParameterException."""
    config = {name: dict(request[name]) for name in _PARTS if request.get(name) is not None}
    if compromised := config.get("CompromisedCredentialsRiskConfiguration"):
        compromised["EventFilter"] = compromised.get("EventFilter") or list(_EVENTS)
    takeover = config.get("AccountTakeoverRiskConfiguration") or {}
    if "NotifyConfiguration" not in takeover and any(action["Notify"] for _, action in _levels(takeover)):
        raise AwsError("InvalidParameterException", "Notify needs a NotifyConfiguration.")
    for addresses in (config.get("RiskExceptionConfiguration") or {}).values():
        _check_ranges(addresses)
    return config


def check_enforced(ctx: Context, pool_id: str, config: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException where a pool of these settings would act on leaked passwords.

    In CUSTOM_AUTH nobody looks for those. Source: developer guide, "Advanced security with threat protection".
    """
    if mode_of(config) != "ENFORCED":
        return
    kept = ctx.store.find(RiskConfiguration, pool_id=pool_id)
    if not any(one.client_id == "" for one in kept):
        # AWS's own defaults block them.
        raise unsupported("UserPoolAddOns.AdvancedSecurityMode: ENFORCED without a risk configuration of the pool")
    if not all(_ignores_leaks(one.config) for one in kept):
        name = "CompromisedCredentialsRiskConfiguration.Actions.EventAction other than NO_ACTION"
        raise unsupported(f"UserPoolAddOns.AdvancedSecurityMode: ENFORCED with {name}")


def of_client(ctx: Context, pool_id: str, client_id: str) -> RiskConfiguration | None:
    """What counts for a client: its own configuration, or the pool's."""
    own = ctx.store.get(RiskConfiguration, pool_id, client_id)
    return own or ctx.store.get(RiskConfiguration, pool_id, "")


def blocks_address(ctx: Context, pool: UserPool, client_id: str) -> bool:
    """Whether the caller's address is one that the pool always blocks; also where it is in both lists."""
    enforced = "ENFORCED" in (mode_of(pool.config), mode_of(pool.config, "CUSTOM_AUTH"))
    return enforced and _is_in(ctx.source_ip, _exceptions(ctx, pool, client_id).get("BlockedIPRangeList") or ())


def skips_address(ctx: Context, pool: UserPool, client_id: str) -> bool:
    """Whether the caller's address is one that is no risk to the pool, whatever it does."""
    return _is_in(ctx.source_ip, _exceptions(ctx, pool, client_id).get("SkippedIPRangeList") or ())


def action_for(ctx: Context, pool: UserPool, client_id: str, level: str) -> Action:
    """What is done about a takeover risk of this level, where the pool enforces anything.

    AWS's own default blocks at all levels, and tells nobody. Source: developer guide, "Setting up threat protection".
    """
    takeover = _takeover(ctx, pool, client_id)
    if takeover is None:
        return Action("BLOCK", notify=False)
    given = (takeover.get("Actions") or {}).get(f"{level}Action")
    return Action(given["EventAction"], given["Notify"]) if given else Action("NO_ACTION", notify=False)


def notify_configuration(ctx: Context, pool: UserPool, client_id: str) -> Mapping[str, Any]:
    """`NotifyConfigurationType`: how users are told."""
    return (_takeover(ctx, pool, client_id) or {}).get("NotifyConfiguration") or {}


def describe(pool_id: str, client_id: str, kept: RiskConfiguration | None) -> dict[str, Any]:
    """A `RiskConfigurationType`."""
    return {
        "UserPoolId": pool_id,
        **({"ClientId": client_id} if client_id else {}),
        **({**kept.config, "LastModifiedDate": kept.modified} if kept else {}),
    }


def _ignores_leaks(config: Mapping[str, Any]) -> bool:
    """Whether leaked passwords are nothing to a configuration. One that is silent has AWS's default, which blocks."""
    compromised = config.get("CompromisedCredentialsRiskConfiguration") or {}
    return (compromised.get("Actions") or {}).get("EventAction") == "NO_ACTION"


def _takeover(ctx: Context, pool: UserPool, client_id: str) -> Mapping[str, Any] | None:
    found = of_client(ctx, pool.id, client_id)
    return found.config.get("AccountTakeoverRiskConfiguration") if found else None


def _exceptions(ctx: Context, pool: UserPool, client_id: str) -> Mapping[str, Any]:
    found = of_client(ctx, pool.id, client_id)
    return (found.config if found else {}).get("RiskExceptionConfiguration") or {}


def _levels(takeover: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    actions: Mapping[str, Mapping[str, Any]] = takeover.get("Actions") or {}
    return actions.items()


def _check_ranges(ranges: Iterable[str]) -> None:
    for text in ranges:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            raise AwsError("InvalidParameterException", f"{text} is not an address range in CIDR notation.") from error


def _is_in(address: str, ranges: Iterable[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(one) for one in ranges)
