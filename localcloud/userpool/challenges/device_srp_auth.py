"""DEVICE_SRP_AUTH: a confirmed device begins to prove itself; a remembered one stands in for the second factor."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.account import needs_mfa
from localcloud.userpool.attempt import SignIn, device_of
from localcloud.userpool.challenges.password_verifier import read_srp_a
from localcloud.userpool.devices import suppresses_mfa


class DeviceSrpAuth:
    """Asked where the sign-in names a confirmed device: at once if that spares the second factor, else behind it."""

    name = "DEVICE_SRP_AUTH"
    carrier = "device"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the device is proven. Raises ResourceNotFoundException for a device that this user does not have."""
        device = device_of(ctx, s)
        if device is None or s.device_proven:
            return False
        return s.mfa_proven or suppresses_mfa(s.pool, device) or not needs_mfa(s.pool, s.known_user)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Nothing to say yet: the client speaks first."""
        return s, {"USERNAME": s.known_user.username, "DEVICE_KEY": s.device_key}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Take the client's A."""
        return s.noting(a_public=read_srp_a(answer))
