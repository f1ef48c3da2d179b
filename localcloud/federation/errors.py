"""Why a token is not taken. Whoever asked turns these into its own service's errors.

FederationError
├── TokenError                  the token is not what it has to be
│   ├── TokenExpiredError
│   ├── AudienceError           a good token, made for another app
│   └── RejectedError           its own provider does not know it
└── UnreachableError            the provider could not be asked
"""

from __future__ import annotations


class FederationError(Exception):
    """A token that is not taken; the text says why, and never what is in the token."""


class TokenError(FederationError):
    """The token is not what it has to be."""


class TokenExpiredError(TokenError):
    """The token has ended. `in_sts` says so in the words of STS."""

    def __init__(self, message: str, in_sts: str) -> None:
        super().__init__(message)
        self.in_sts = in_sts

    @classmethod
    def at(cls, now: float, expires: float) -> TokenExpiredError:
        """The error of a token with an end; times in seconds since the epoch."""
        seen, end = int(now), int(expires)
        in_sts = f"Token expired: current date/time {seen} must be before the expiration date/time {end}"
        return cls(f"Token expired: {seen} >= {end}", in_sts)


class AudienceError(TokenError):
    """The token was made for another app."""

    def __init__(self) -> None:
        super().__init__("Incorrect token audience.")


class RejectedError(TokenError):
    """The provider itself does not take the token for one of its own, or no longer."""


class UnreachableError(FederationError):
    """The provider could not be asked, so nothing is known of the token: it is not taken."""
