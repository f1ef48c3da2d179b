"""DEVICE_SRP_AUTH: a confirmed device begins to prove itself; a remembered one stands in for the second factor."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.attempt import SignIn, device_of
from localcloud.userpool.challenges.password_verifier import read_srp_a
from localcloud.userpool.factors import second_factors
from localcloud.userpool.factors.devices import suppresses_mfa


class DeviceSrpAuth:
    """Asked where the sign-in names a confirmed device: at once if that spares the second factor, else behind it."""

    name = "DEVICE_SRP_AUTH"
    carrier = "device"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until the device is proven. Raises ResourceNotFoundException for a device that this user does not have."""
        device = device_of(ctx, s) if s.has_built_in_factor and not s.device_proven else None
        return device is not None and (suppresses_mfa(s.pool, device) or not second_factors.is_open(s))

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Nothing to say yet: the client speaks first."""
        return s, {"USERNAME": s.known_user.username, "DEVICE_KEY": s.device_key}

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Take the client's A."""
        return s.noting(a_public=read_srp_a(answer))
