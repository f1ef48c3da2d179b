"""How far a sign-in has come, and the two kinds of steps that it takes: what every way to sign in here is made of."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from auth.devices import Device
from auth.errors import HandshakeFailed
from auth.srp import Handshake, Random

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of `cognito-idp`, by AWS's name, and its parameters."""

    operation: str
    params: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the user. `kind`, with its `details`, is one of

    - `totp_code`, `sms_code`, `email_code`: the digits (`destination`: the masked address)
    - `totp_setup`: the first code of a new authenticator (`secret` in base32, `uri` for a QR code)
    - `mfa_type`, `mfa_setup`, `first_factor`: one of `choices`
    - `password`, `new_password`
    - `custom`: what the backend's own question wants, with all that it says in `details`
    - `attribute`: the value of the attribute `name`
    - `one_time_code`, `magic_link`: what was mailed to sign in without a password (`passwordless.py`)
    """

    kind: str
    details: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, repr=False)


Steps = Generator[Call | Ask, Any, T]
Response = Mapping[str, Any]
Parameters = Mapping[str, str]


@dataclass(slots=True)
class Attempt:
    """One attempt to sign in: what was given, and what the service said last."""

    client_id: str
    user_pool_id: str
    username: str
    password: str = field(repr=False)
    device: Device | None
    random: Random
    now: Callable[[], float]
    metadata: Mapping[str, str] = field(default_factory=dict)
    session: str | None = field(default=None, repr=False)
    handshake: Handshake | None = None
    choices: tuple[str, ...] = ()

    def begin_handshake(self) -> str:
        """`SRP_A` of a fresh handshake."""
        self.handshake = Handshake(self.random)
        return self.handshake.srp_a

    def prove(self, group: str, name: str, password: str, parameters: Parameters) -> dict[str, str]:
        """The answer of the handshake that was begun. Raises HandshakeFailed."""
        if self.handshake is None:
            raise HandshakeFailed("the service asks for a proof before the handshake")
        return self.handshake.prove(group, name, password, parameters, self.now())

    def prove_password(self, parameters: Parameters) -> dict[str, str]:
        """What answers PASSWORD_VERIFIER. Raises HandshakeFailed."""
        name = parameters.get("USER_ID_FOR_SRP", self.username)
        return self.prove(self.user_pool_id.partition("_")[2], name, self.password, parameters)

    def call(self, operation: str, **params: Any) -> Steps[Response]:
        """Call the service; keep the session and the name that it answers with."""
        response: Response = yield Call(operation, params)
        self.session = response.get("Session")
        self.choices = tuple(response.get("AvailableChallenges") or ())
        parameters = response.get("ChallengeParameters") or {}
        # An alias was typed; the service knows the user by another name from here on.
        self.username = parameters.get("USERNAME") or parameters.get("USER_ID_FOR_SRP") or self.username
        return response

    def respond(self, challenge: str, **answer: str) -> Steps[Response]:
        """Answer a challenge, with the latest session if there is one."""
        session: dict[str, Any] = {"Session": self.session} if self.session else {}
        if self.metadata:
            session["ClientMetadata"] = self.metadata
        return self.call(
            "RespondToAuthChallenge",
            ClientId=self.client_id,
            ChallengeName=challenge,
            ChallengeResponses=self.identify() | answer,
            **session,
        )

    def identify(self) -> dict[str, str]:
        """Who signs in, and on which device: part of every request."""
        return {"USERNAME": self.username} | ({"DEVICE_KEY": self.device.key} if self.device else {})
