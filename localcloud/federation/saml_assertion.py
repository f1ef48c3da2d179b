"""What a verified SAML assertion says, and whether it is for AWS and for now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.federation.errors import TokenError, TokenExpiredError

SKEW = 60
"""Seconds by which the identity provider's clock may be ahead. Behind it may not be: denied when in doubt."""

REDEEM = 300
"""Seconds within which an assertion has to be used. Source: STS, "Token must be redeemed within 5 minutes"."""

_ENDPOINT = re.compile(r"https://([a-z]{2}(-[a-z]+)+-\d\.)?signin\.aws\.amazon\.com/saml", re.ASCII)
"""AWS's assertion consumer, everywhere and in one region."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion, whose signature is good. Times in seconds since the epoch, None where it has none.

    `audiences` holds each restriction's; `ends` is the first of all its ends; `attributes` go by `Name`.
    """

    issuer: str
    subject: str
    subject_format: str
    recipient: str
    audiences: tuple[tuple[str, ...], ...]
    issued: float
    begins: float | None
    ends: float
    session_ends: float | None
    attributes: Mapping[str, tuple[str, ...]]

    def check(self, issuer: str, now: float) -> None:
        """Raise TokenError unless it is of this issuer, for AWS, and good now.

        It may be used again until its end, as STS lets it: nothing here remembers an assertion's id, and the
        `OneTimeUse` condition asks that of who keeps it in a cache.
        """
        if self.issuer != issuer:
            raise TokenError("Issuer not present in specified provider")
        # Attack: an assertion that was made for another service, whose owner hands it on.
        if not self.audiences or not all(any(_is_aws(one) for one in listed) for listed in self.audiences):
            raise TokenError("Response does not contain the required audience.")
        if not _ENDPOINT.fullmatch(self.recipient):
            raise TokenError("Response does not contain the required recipient.")
        if now >= self.ends or (self.session_ends is not None and now >= self.session_ends):
            raise TokenExpiredError.at(now, min(self.ends, self.session_ends or self.ends))
        if now >= self.issued + REDEEM:
            late = "Token must be redeemed within 5 minutes of issuance"
            raise TokenExpiredError(late, late)
        begins = max(self.issued, self.begins or self.issued)
        if begins > now + SKEW:
            raise TokenError(f"Token is not yet valid: {int(now)} < {int(begins)}")


def _is_aws(audience: str) -> bool:
    return audience == "urn:amazon:webservices" or bool(_ENDPOINT.fullmatch(audience))
