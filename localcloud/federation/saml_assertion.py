"""What a verified SAML assertion says, and whether it is for whom it came to, and for now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.federation.errors import TokenError, TokenExpiredError

SKEW = 60
"""Seconds by which the identity provider's clock may be ahead. Behind it may not be: denied when in doubt."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom an assertion has to be made: each text fits its pattern whole. `minutes`: how soon it has to come.

    `request_id` is of the request that it has to answer; empty for one that nobody asked for; None: not looked at.
    """

    audience: re.Pattern[str]
    recipient: re.Pattern[str]
    minutes: int
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion, whose signature is good. Times in seconds since the epoch, None where it has none.

    `audiences` holds each restriction's; `ends` is the first of all its ends; `attributes` go by `Name`. `answers` are
    the requests that it says it is for, of the confirmation and of the response around it, empty where there is none.
    `qualifiers` are NameQualifier and SPNameQualifier of the subject; `destination` is of the response, as it is.
    """

    id: str
    issuer: str
    subject: str
    subject_format: str
    qualifiers: Mapping[str, str]
    recipient: str
    answers: tuple[str, str]
    destination: str
    audiences: tuple[tuple[str, ...], ...]
    issued: float
    begins: float | None
    ends: float
    session_ends: float | None
    session_index: str
    attributes: Mapping[str, tuple[str, ...]]

    def check(self, issuer: str, wanted: Addressee, now: float) -> None:
        """Raise TokenError unless it is of this issuer, for this addressee, and good now.

        Whether it was used before is for the addressee to know: STS lets it be used again until its end.
        """
        if self.issuer != issuer:
            raise TokenError("Issuer not present in specified provider")
        # Attack: an assertion that was made for another service, whose owner hands it on.
        if not self.audiences or not all(any(map(wanted.audience.fullmatch, listed)) for listed in self.audiences):
            raise TokenError("Response does not contain the required audience.")
        if not wanted.recipient.fullmatch(self.recipient):
            raise TokenError("Response does not contain the required recipient.")
        # Attack: an assertion from another sign-in, slipped into this one.
        if wanted.request_id is not None and self.answers != (wanted.request_id, wanted.request_id):
            raise TokenError("InResponseTo is not the id of the request that was sent.")
        self._check_time(wanted.minutes, now)

    def _check_time(self, minutes: int, now: float) -> None:
        if now >= self.ends or (self.session_ends is not None and now >= self.session_ends):
            raise TokenExpiredError.at(now, min(self.ends, self.session_ends or self.ends))
        if now >= self.issued + 60 * minutes:
            late = f"Token must be redeemed within {minutes} minutes of issuance"
            raise TokenExpiredError(late, late)
        begins = max(self.issued, self.begins or self.issued)
        if begins > now + SKEW:
            raise TokenError(f"Token is not yet valid: {int(now)} < {int(begins)}")
