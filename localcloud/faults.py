"""What functions are told to get wrong: late, failed or cold, so that what follows from it can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.waiting import Waiting

ATTEMPTS = 3
"""Calls in all when a trigger times out. AWS says only that it may try again: a trigger must stand being run twice."""

_LONGEST = 900
"""Seconds: longer than any function may run."""

_FORM = (
    'send {"function": NAME, "times": K} with "delay_seconds": N, "error": TEXT or "cold_start": true,'
    f' or {{"trigger_attempts": N}}; N seconds up to {_LONGEST}, attempts 1 to {ATTEMPTS}'
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next `times` calls of a function get: a late answer, an error in place of one, a worker of their own."""

    function: str
    delay_seconds: float = 0.0
    error: str = ""
    cold_start: bool = False
    times: int = 1

    def __post_init__(self) -> None:
        given = (self.delay_seconds, self.error, self.cold_start)
        kinds = (type(self.delay_seconds) in (int, float), type(self.error) is str, type(self.cold_start) is bool)
        counts = type(self.times) is int and self.times > 0
        named = type(self.function) is str and bool(self.function)
        if not (named and counts and all(kinds) and any(given) and 0 <= self.delay_seconds <= _LONGEST):
            raise ValueError(_FORM)


def read_fault(asked: Any) -> Fault | int:
    """A fault, or the attempts of a trigger, as JSON has it. Raises ValueError."""
    if not isinstance(asked, Mapping):
        raise ValueError(_FORM)
    if "trigger_attempts" not in asked:
        try:
            return Fault(**asked)
        except TypeError as error:
            raise ValueError(_FORM) from error
    attempts = asked["trigger_attempts"]
    if len(asked) > 1 or type(attempts) is not int or not 1 <= attempts <= ATTEMPTS:
        raise ValueError(_FORM)
    return attempts


class Faults:
    """The faults that are to come, and how often a trigger that timed out is called."""

    def __init__(self) -> None:
        """There are none."""
        self._waiting = Waiting[Fault]()
        self.attempts = ATTEMPTS

    def put(self, asked: Fault | int) -> None:
        """Let a fault happen, or set the number of attempts."""
        if isinstance(asked, Fault):
            self._waiting.put(asked)
        else:
            self.attempts = asked

    def take(self, function: str) -> Fault | None:
        """The fault that this call of a function gets, the oldest first; it counts as had."""
        return self._waiting.first(lambda fault: fault.function == function)

    def listed(self) -> dict[str, Any]:
        """What is to come, with how often, and the number of attempts."""
        return {"faults": self._waiting.listed(), "trigger_attempts": self.attempts}

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()
        self.attempts = ATTEMPTS
