"""The user's authenticator app: it holds the secret and gives each code once, for a pool takes a code only once."""

from __future__ import annotations

from dataclasses import dataclass, field

from clock import Clock

from auth.totp import PERIOD, totp


@dataclass(slots=True)
class Authenticator:
    """An app with one secret."""

    clock: Clock
    secret: str = field(default="", repr=False)
    last_code: str = field(default="", repr=False)

    def next_code(self) -> str:
        """A code that was not given before: waits for the next period if need be."""
        now = self.clock.now()
        code = totp(self.secret, now)
        if code == self.last_code:
            self.clock.wait(PERIOD - now % PERIOD)
            return self.next_code()
        self.last_code = code
        return code
