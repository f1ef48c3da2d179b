"""DEVICE_PASSWORD_VERIFIER: the device proves the secret that it made when it was confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.attempt import SignIn, device_of, wrong_password
from localcloud.userpool.challenges.password_verifier import read_proof
from localcloud.userpool.factors import srp
from localcloud.userpool.factors.devices import suppresses_mfa
from localcloud.userpool.models import Device


class DevicePasswordVerifier:
    """Asked once the device has sent its A."""

    name = "DEVICE_PASSWORD_VERIFIER"
    carrier = "secret_block"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Between the device's A and its proof."""
        return s.has_built_in_factor and bool(s.device_key) and "a_public" in s.notes and not s.device_proven

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Salt and B of the device."""
        device = _require_device(ctx, s)
        b = int.from_bytes(ctx.cloud.random(32), "big")
        public = srp.make_challenge(int(device.verifier, 16), b)
        parameters = {
            "USERNAME": s.known_user.username,
            "DEVICE_KEY": device.key,
            "SALT": device.salt,
            "SRP_B": f"{public:x}",
        }
        return s.noting(b=f"{b:x}", b_public=f"{public:x}"), parameters

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check the proof; a remembered device then counts as the second factor."""
        device = _require_device(ctx, s)
        proof = read_proof(answer, device.group_key, device.key)
        numbers = (int(s.notes[name], 16) for name in ("a_public", "b", "b_public"))
        a_public, b, b_public = numbers
        # Attack: another device's key in the answer than in the session.
        if answer.get("DEVICE_KEY", device.key) != device.key:
            raise wrong_password()
        if not srp.is_proven(proof, int(device.verifier, 16), a_public, b, b_public):
            raise wrong_password()
        return with_device(ctx, s, device)


def with_device(ctx: Context, s: SignIn, device: Device) -> SignIn:
    """The sign-in with this device proven, which now counts as used. Raises NotFoundError for a forgotten one."""
    ctx.store.update(
        Device,
        (device.pool_id, device.sub, device.key),
        lambda kept: replaced(kept, last_authenticated=ctx.now, last_ip=ctx.source_ip),
    )
    proven = {"device_key": device.key, "device_proven": True}
    return s.passing_second(**proven) if suppresses_mfa(s.pool, device) else s.forgetting(**proven)


def _require_device(ctx: Context, s: SignIn) -> Device:
    device = device_of(ctx, s)
    if device is None:
        raise wrong_password()
    return device
