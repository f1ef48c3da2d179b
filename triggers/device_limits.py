"""How many devices a user may have, and for how long one is trusted: what Cognito does not limit by itself. No I/O.

A sign-in on a new device is known by `newDeviceUsed` only, and its device is there when the tokens are. So room for it
is made, or refused, before. Every sign-in that proves no device counts as one on a new device: those of managed login
and without a password, too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from triggers.aws import attributes_of

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import DeviceTypeTypeDef

EVICT, DENY, ASK = "evict-oldest", "deny", "ask"
CONSENT = "device_limit"
"""The client metadata by which an app says, as the policy `ask` wants it, that its user agrees to EVICT."""

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """What the template's parameters say. Zero is no limit."""

    most: int
    policy: str
    trust_days: int

    @classmethod
    def of_stack(cls) -> Limits:
        """Environment: MAX_DEVICES, DEVICE_LIMIT_POLICY, DEVICE_TRUST_DAYS."""
        return cls(
            int(os.environ["MAX_DEVICES"]), os.environ["DEVICE_LIMIT_POLICY"], int(os.environ["DEVICE_TRUST_DAYS"])
        )

    def refuses(self, tracked: int, *, new: bool, metadata: Mapping[str, str]) -> bool:
        """Whether a sign-in finds no room for its device, and may not make any."""
        evicts = self.policy == EVICT or (self.policy == ASK and metadata.get(CONSENT) == EVICT)
        return bool(self.most) and new and tracked >= self.most and not evicts

    def surplus(self, tracked: Mapping[str, DeviceTypeTypeDef], *, new: bool) -> list[str]:
        """The devices that have to go, those first that were used least recently, so that a new one has room."""
        if not self.most:
            return []
        by_use = sorted(tracked, key=lambda key: (_last_used(tracked[key]), key))
        return by_use[: max(0, len(tracked) - self.most + new)]

    def has_expired(self, trusted_since: int, now: float) -> bool:
        """Whether a device that is remembered since then has to prove a second factor again."""
        return bool(self.trust_days) and now >= trusted_since + self.trust_days * _DAY


def is_remembered(device: DeviceTypeTypeDef) -> bool:
    """Whether the device skips the second factor."""
    attributes = attributes_of(device.get("DeviceAttributes", []))
    return attributes.get("dev:device_remembered_status") == "remembered"


def _last_used(device: DeviceTypeTypeDef) -> datetime:
    return device.get("DeviceLastAuthenticatedDate") or device["DeviceCreateDate"]
