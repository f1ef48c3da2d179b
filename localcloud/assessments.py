"""What threat protection is told to see in coming sign-ins, where on AWS it would see it by itself."""

from __future__ import annotations

import dataclasses
import ipaddress
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

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


class Assessments:
    """The assessments that are to come. Thread-safe."""

    def __init__(self) -> None:
        """There are none."""
        self._lock = threading.Lock()
        self._waiting: list[Assessment] = []

    def put(self, asked: Assessment) -> None:
        """Let sign-ins have a risk."""
        with self._lock:
            self._waiting.append(asked)

    def take(self, names: Collection[str], address: str) -> str:
        """The risk of this sign-in, by the oldest assessment that is about it; it counts as had. Empty for none."""
        with self._lock:
            for place, one in enumerate(self._waiting):
                if one.is_about(names, address):
                    left = dataclasses.replace(one, times=one.times - 1) if one.times > 1 else None
                    self._waiting[place : place + 1] = [left] if left else []
                    return one.level
        return ""

    def listed(self) -> list[dict[str, Any]]:
        """What is to come, with how often."""
        with self._lock:
            return [dataclasses.asdict(one) for one in self._waiting]

    def clear(self) -> None:
        """Let nothing be a risk."""
        with self._lock:
            self._waiting.clear()
