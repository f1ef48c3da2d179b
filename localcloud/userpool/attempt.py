"""How far a sign-in has come, and what a challenge is: the two things that the engine and every challenge share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient, Device, User, UserPool


@dataclass(frozen=True, slots=True)
class SignIn:
    """How far one sign-in has come. `user` is None for a name that nobody has: that one goes on, and fails late.

    `via` is the door that it came through, and has to go on through: `api`, or `pages` of managed login.
    """

    pool: UserPool
    client: AppClient
    username: str
    user: User | None
    password_proven: bool = False
    new_password_set: bool = False
    mfa_proven: bool = False
    device_key: str = ""
    device_proven: bool = False
    via: str = "api"
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_user(self) -> User:
        """The user. Raises NotAuthorizedException for a stand-in: nothing behind the first proof is for strangers."""
        if self.user is None:
            raise wrong_password()
        return self.user

    def noting(self, **notes: str) -> SignIn:
        """The same sign-in with notes that the next step needs and only the server reads."""
        return dataclasses.replace(self, notes={**self.notes, **notes})


class Challenge(Protocol):
    """One question of a sign-in.

    `carrier` says how the sealed session comes back: in `Session`, inside SECRET_BLOCK, or in `Session` or not at all,
    kept for the device (`device_sessions.py`).
    """

    @property
    def name(self) -> str:
        """AWS's name of the challenge."""
        ...

    @property
    def carrier(self) -> str:
        """`session`, `secret_block` or `device`."""
        ...

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Whether this question is still open."""
        ...

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """Ask it: the sign-in with what is needed to check the answer, and the challenge parameters."""
        ...

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check an answer: the sign-in one step further. Raises AwsError."""
        ...


def wrong_password() -> AwsError:
    """The one answer to a wrong password and to an unknown user."""
    return AwsError("NotAuthorizedException", "Incorrect username or password.")


def device_of(ctx: Context, s: SignIn) -> Device | None:
    """The confirmed device that this sign-in names, or None when it names none. Raises ResourceNotFoundException."""
    if not s.device_key or s.user is None or s.pool.devices is None:
        return None
    device = ctx.store.get(Device, s.pool.id, s.user.sub, s.device_key)
    if device is None:
        raise AwsError("ResourceNotFoundException", "Device does not exist.")
    return device
