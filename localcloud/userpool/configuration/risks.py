"""Threat protection: what of it is run here, and what is refused.

Nobody assesses risks here: every event is one of no risk. So a pool may record them (AUDIT) with any configuration, and
enforce (ENFORCED) one that only blocks addresses: what would act on a risk would never act, and is refused by name.

Source: API reference, `SetRiskConfiguration`; Cognito developer guide, "Advanced security with threat protection".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import RiskConfiguration
from localcloud.userpool.configuration.settings import unsupported
from localcloud.userpool.models import UserPool

_PARTS = ("CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration")
_EVENTS = ("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE")


def mode_of(config: Mapping[str, Any]) -> str:
    """`OFF`, `AUDIT` or `ENFORCED`, of a pool's settings."""
    return str((config.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF"))


def require_mode(pool: UserPool) -> None:
    """Raise UserPoolAddOnNotEnabledException where a pool keeps no history of its users."""
    if mode_of(pool.config) == "OFF":
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
    """Raise InvalidParameterException where a pool of these settings would enforce what nobody runs here."""
    if mode_of(config) != "ENFORCED":
        return
    kept = ctx.store.find(RiskConfiguration, pool_id=pool_id)
    if not any(one.client_id == "" for one in kept):
        # AWS's own defaults block what is a risk to it.
        raise unsupported("UserPoolAddOns.AdvancedSecurityMode: ENFORCED without a risk configuration of the pool")
    for one in kept:
        for name in _acting(one.config):
            raise unsupported(f"UserPoolAddOns.AdvancedSecurityMode: ENFORCED with {name}")


def of_client(ctx: Context, pool_id: str, client_id: str) -> RiskConfiguration | None:
    """What counts for a client: its own configuration, or the pool's."""
    own = ctx.store.get(RiskConfiguration, pool_id, client_id)
    return own or ctx.store.get(RiskConfiguration, pool_id, "")


def blocks_address(ctx: Context, pool: UserPool, client_id: str) -> bool:
    """Whether the caller's address is one that the pool always blocks; also where it is in both lists."""
    if mode_of(pool.config) != "ENFORCED":
        return False
    found = of_client(ctx, pool.id, client_id)
    exceptions = (found.config if found else {}).get("RiskExceptionConfiguration") or {}
    return _is_in(ctx.source_ip, exceptions.get("BlockedIPRangeList") or ())


def describe(pool_id: str, client_id: str, kept: RiskConfiguration | None) -> dict[str, Any]:
    """A `RiskConfigurationType`."""
    return {
        "UserPoolId": pool_id,
        **({"ClientId": client_id} if client_id else {}),
        **({**kept.config, "LastModifiedDate": kept.modified} if kept else {}),
    }


def _acting(config: Mapping[str, Any]) -> Iterator[str]:
    """Where a configuration acts on a risk. One that is silent about it has AWS's default, which does."""
    compromised = config.get("CompromisedCredentialsRiskConfiguration") or {}
    if (compromised.get("Actions") or {}).get("EventAction") != "NO_ACTION":
        yield "CompromisedCredentialsRiskConfiguration.Actions.EventAction other than NO_ACTION"
    takeover = config.get("AccountTakeoverRiskConfiguration") or {}
    if not takeover:
        yield "no AccountTakeoverRiskConfiguration"
    for level, action in _levels(takeover):
        if action["Notify"] or action["EventAction"] != "NO_ACTION":
            yield f"AccountTakeoverRiskConfiguration.Actions.{level} other than NO_ACTION without Notify"


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
