"""A browser as a device of the pool: it keeps the device's password in a cookie, for each of its users one.

To everybody else it is a device as the API makes them: listed, remembered or not, forgotten. It proves itself before
the engine decides what follows, and spares what any remembered device spares.
"""

from __future__ import annotations

import base64
import hmac

from localcloud.managed_login import browser
from localcloud.managed_login.request import LoginRequest
from localcloud.store import NotFoundError
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.challenges.device_password_verifier import with_device
from localcloud.userpool.factors import devices, srp
from localcloud.userpool.models import Device, User

_SECONDS = 400 * 86_400
"""As long as browsers keep any cookie; how long a device counts is the pool's to say, by forgetting it."""

_MAX_NAME = 256
"""Characters of the browser's own description that become the device's name."""


def prove(request: LoginRequest, s: SignIn) -> SignIn:
    """The sign-in, with the device proven that this browser is for its user; unchanged where it is none."""
    device = _own_device(request, s.known_user) if s.pool.devices is not None else None
    if device is None:
        return s
    try:
        return with_device(request.ctx, s, device)
    except NotFoundError:
        return s


def remember(request: LoginRequest, user: User) -> str:
    """Make this browser a remembered device of a user who has signed in: the Set-Cookie value that it proves it by."""
    ctx = request.ctx
    known = _own_device(request, user)
    if known is not None:
        devices.set_remembered(ctx, user, known.key, True)
        return _cookie(request, user, request.cookies[_name(request, user)])
    offered = devices.offer_device(ctx, request.pool, user)
    password, salt = ctx.cloud.random(32).hex(), int.from_bytes(ctx.cloud.random(16), "big")
    number = srp.make_verifier(srp.private_key(offered.group_key, offered.key, password, salt))
    verifier = {"Salt": _base64(salt), "PasswordVerifier": _base64(number)}
    devices.confirm_device(ctx, request.pool, user, offered.key, ctx.user_agent[:_MAX_NAME], verifier)
    # The person has been asked, by the box that was ticked.
    devices.set_remembered(ctx, user, offered.key, True)
    return _cookie(request, user, f"{offered.key}.{password}")


def _own_device(request: LoginRequest, user: User) -> Device | None:
    """The user's device that the cookie is the password of.

    Attack: another user's cookie, or a device key that was read somewhere, in place of the second factor.
    """
    key, _, password = request.cookies.get(_name(request, user), "").partition(".")
    device = request.ctx.store.get(Device, user.pool_id, user.sub, key)
    if device is None:
        return None
    private = srp.private_key(device.group_key, device.key, password, int(device.salt, 16))
    return device if hmac.compare_digest(f"{srp.make_verifier(private):x}", device.verifier) else None


def _name(request: LoginRequest, user: User) -> str:
    return "device-" + request.ctx.cloud.sealer.digest("browser device", user.pool_id, user.sub)[:16]


def _cookie(request: LoginRequest, user: User, value: str) -> str:
    return f"{browser.cookie(request, _name(request, user), value)}; Max-Age={_SECONDS}"


def _base64(number: int) -> str:
    return base64.b64encode(srp.padded(number)).decode()
