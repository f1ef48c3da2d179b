"""What CUSTOM_AUTH asks: one file for each kind of secret that is mailed in place of a password, and recovery codes.

    choose ─┬─► one_time_code or magic_link ─► tokens
            │          ▲        └─► the same again, while the answer is wrong
            └─► recovery_code ─► recovered: the second factor is off, and the app signs in by the password

Which kind, the app says in the ClientMetadata of its answer to `choose`: what is sent with InitiateAuth reaches none of
these triggers. Source: InitiateAuth, ClientMetadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from triggers.challenges import magic_link, one_time_code

CHOOSE = "choose"
"""The first question: which kind is to be asked."""

RECOVERY, RECOVERED = "recovery_code", "recovered"
"""A recovery code, and what tells the app that it was taken: no answer to that is right."""


class Kind(Protocol):
    """A kind of secret that is mailed. The protocol of a module."""

    SECONDS: int
    """How long it counts."""

    MAIL: str
    """The mail that brings it."""

    def is_offered(self) -> bool:
        """Whether this stack has it."""
        ...

    def make(self) -> str:
        """A new secret."""
        ...

    def fields(self, secret: str) -> Mapping[str, str]:
        """What stands in the mail."""
        ...

    def read(self, answer: str) -> str:
        """The secret in a user's answer."""
        ...


KINDS: Mapping[str, Kind] = {"one_time_code": one_time_code, "magic_link": magic_link}
