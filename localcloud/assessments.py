"""What threat protection is told to see in coming sign-ins, where on AWS it would see it by itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.waiting import Waiting

LEVELS = ("Low", "Medium", "High")

_FORM = (
    'send {"level": "Low", "Medium" or "High", "times": K} with "username": WHO (a username, a sub or an address that'
    ' signs in), "address": IP, or both'
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The risk of the next `times` sign-ins of a user, from an IP address, or of that user from there."""

    level: str
    username: str = ""
    address: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        named = type(self.username) is str and type(self.address) is str and bool(self.username or self.address)
        if not (named and self.level in LEVELS and type(self.times) is int and self.times > 0):
            raise ValueError(_FORM)
        if self.address:
            ipaddress.ip_address(self.address)

    def is_about(self, names: Collection[str], address: str) -> bool:
        """Whether it is the risk of somebody of these names, who comes from there."""
        is_user = not self.username or self.username.casefold() in {name.casefold() for name in names}
        return is_user and self.address in ("", address)


def read_assessment(asked: Any) -> Assessment:
    """An assessment, as JSON has it. Raises ValueError."""
    if not isinstance(asked, Mapping):
        raise ValueError(_FORM)
    try:
        return Assessment(**asked)
    except TypeError as error:
        raise ValueError(_FORM) from error


class Assessments(Waiting[Assessment]):
    """The assessments that are to come."""

    def take(self, names: Collection[str], address: str) -> str:
        """The risk of this sign-in, by the oldest assessment that is about it; it counts as had. Empty for none."""
        found = self.first(lambda one: one.is_about(names, address))
        return found.level if found else ""
