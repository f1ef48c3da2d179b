"""How far a sign-in has come, and what a challenge is: the two things that the engine and every challenge share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.account import has_password, password_reset_required
from localcloud.userpool.accounts.users import stand_in
from localcloud.userpool.models import AppClient, Device, User, UserPool

EVENT, RISK, DEMANDED = "event_id", "risk", "demands_mfa"
"""Notes: the sign-in's event in the user's history, the risk that it has, whether that demands a second factor."""

_LASTING = (EVENT, RISK, DEMANDED)
"""Notes that are about the whole sign-in, and not about one step of it."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How far one sign-in has come. `user` is None for a name that nobody has: that one goes on, and fails late.

    `flow` is AWS's AuthFlow. `first_proven` is the first factor that was proven (`PASSWORD`, `EMAIL_OTP`, `SMS_OTP`,
    `WEB_AUTHN`, or `CUSTOM` where the triggers said so), and empty before. `chosen` is the challenge that was picked
    where there are several, until it is passed. `rounds` are the results that the triggers of CUSTOM_AUTH see.
    `via` is the door that it came through, and has to go on through: `api`, or `pages` of managed login.
    """

    pool: UserPool
    client: AppClient
    username: str
    user: User | None
    flow: str = "USER_SRP_AUTH"
    first_proven: str = ""
    chosen: str = ""
    rounds: Sequence[Mapping[str, Any]] = ()
    new_password_set: bool = False
    mfa_proven: bool = False
    device_key: str = ""
    device_proven: bool = False
    via: str = "api"
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_built_in_factor(self) -> bool:
        """Whether one of Cognito's own first factors is proven: only behind those, it asks for a second by itself."""
        return self.first_proven not in ("", "CUSTOM")

    @property
    def known_user(self) -> User:
        """The user. Raises NotAuthorizedException for a stand-in: nothing behind the first proof is for strangers."""
        if self.user is None:
            raise wrong_password()
        return self.user

    def proving(self, factor: str, **changes: Any) -> SignIn:
        """The same sign-in with its first factor proven; what was noted and chosen for that is forgotten."""
        return self.forgetting(first_proven=factor, **changes)

    def passing_second(self, **changes: Any) -> SignIn:
        """The same sign-in with its second factor proven; what was noted and chosen for that is forgotten."""
        return self.forgetting(mfa_proven=True, **changes)

    def choosing(self, challenge: str, **notes: str) -> SignIn:
        """The same sign-in with the challenge that is to be asked, and notes for it."""
        return dataclasses.replace(self, chosen=challenge, notes={**self.notes, **notes})

    def asks_first(self, challenge: str) -> bool:
        """Whether the first factor is open, and to be proven by this challenge."""
        return not self.first_proven and self.chosen == challenge

    def noting(self, **notes: str) -> SignIn:
        """The same sign-in with notes that the next step needs and only the server reads."""
        return dataclasses.replace(self, notes={**self.notes, **notes})

    def forgetting(self, **changes: Any) -> SignIn:
        """The same sign-in without what was noted and chosen for one step, and with these changes."""
        lasting = {name: value for name, value in self.notes.items() if name in _LASTING}
        return dataclasses.replace(self, chosen="", notes=lasting, **changes)


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


def refused_password(s: SignIn) -> AwsError:
    """The answer to a password that is not right. Somebody who was imported without one is told to choose one.

    Source: Cognito developer guide, "Requiring imported users to reset their passwords".
    """
    user = s.user
    if user and user.status == "RESET_REQUIRED" and not has_password(user) and not s.client.hides_users:
        return password_reset_required()
    return wrong_password()


def sub_of(ctx: Context, s: SignIn) -> str:
    """The user's sub, or that of the stand-in for a name that nobody has."""
    return s.user.sub if s.user is not None else stand_in(ctx, s.pool, s.username)


def shown_name(ctx: Context, s: SignIn) -> str:
    """What the user is called in answers. Attack: a name of another form, where nobody has the one that was typed."""
    if s.user is not None:
        return s.user.username
    return stand_in(ctx, s.pool, s.username) if s.pool.username_attributes else s.username


def device_of(ctx: Context, s: SignIn) -> Device | None:
    """The confirmed device that this sign-in names, or None when it names none. Raises ResourceNotFoundException."""
    if not s.device_key or s.user is None or s.pool.devices is None:
        return None
    device = ctx.store.get(Device, s.pool.id, s.user.sub, s.device_key)
    if device is None:
        raise AwsError("ResourceNotFoundException", "Device does not exist.")
    return device
