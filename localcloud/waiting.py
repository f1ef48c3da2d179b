"""What somebody has asked to happen a number of times, and what of it is still to come."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, TypeVar


class Repeated(Protocol):
    """A frozen dataclass with the number of times that it is to happen."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def times(self) -> int:
        """How often."""


T = TypeVar("T", bound=Repeated)


class Waiting(Generic[T]):
    """Those that are to come, the oldest first. Thread-safe."""

    def __init__(self) -> None:
        """There are none."""
        self._lock = threading.Lock()
        self._waiting: list[T] = []

    def put(self, asked: T) -> None:
        """Let it happen."""
        with self._lock:
            self._waiting.append(asked)

    def first(self, applies: Callable[[T], bool]) -> T | None:
        """The oldest that applies; it counts as had."""
        if not self._waiting:
            return None
        with self._lock:
            for place, one in enumerate(self._waiting):
                if applies(one):
                    left = dataclasses.replace(one, times=one.times - 1) if one.times > 1 else None
                    self._waiting[place : place + 1] = [left] if left else []
                    return one
        return None

    def listed(self) -> list[dict[str, Any]]:
        """What is to come, with how often."""
        with self._lock:
            return [dataclasses.asdict(one) for one in self._waiting]

    def clear(self) -> None:
        """Let nothing happen."""
        with self._lock:
            self._waiting.clear()
