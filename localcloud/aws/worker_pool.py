"""The workers of one function: which are idle, and how many there are in all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from localcloud.aws.execution_environment import ExecutionEnvironment
from localcloud.aws.function import Function

# What a burst leaves over is ended at the next release after this.
SPARE_SECONDS = 60.0


class ThrottledError(Exception):
    """No worker came free before the deadline, and there may be no more of them."""


class WorkerPool:
    """Lends workers, each to one invocation at a time. Thread-safe."""

    def __init__(
        self, start: Callable[[Function], ExecutionEnvironment], max_workers: int, now: Callable[[], float]
    ) -> None:
        """`start` makes a worker; `now` is the clock of its `expires_at`."""
        self._start = start
        self._max_workers = max_workers
        self._now = now
        self._idle: list[ExecutionEnvironment] = []  # the longest idle first
        self._workers = 0
        self._closed = False
        self._changed = threading.Condition()

    def acquire(self, function: Function, deadline: float, *, cold: bool = False) -> ExecutionEnvironment:
        """An idle worker, or a new one, or the first to come free before `deadline` (monotonic seconds).

        `cold`: a new one, in place of the idle or free one.

        The caller must `release` it. Raises ThrottledError, and what starting a worker raises.
        """
        environment = self._take(deadline)
        if environment and not cold and self._fits(environment, function):
            return environment
        try:
            if environment:
                environment.kill()
            return self._start(function)
        except BaseException:
            self._forget()
            raise

    def release(self, environment: ExecutionEnvironment) -> None:
        """Take a worker back: kept when it is warm, ended otherwise."""
        environment.idle_since = time.monotonic()
        with self._changed:
            keep = environment.warm and not self._closed
            if keep:
                self._idle.append(environment)
                self._changed.notify()
            spare = self._take_spare(environment.idle_since - SPARE_SECONDS)
        for worker in [*spare, *([] if keep else [environment])]:
            worker.kill()
            self._forget()

    def close(self) -> None:
        """End the idle workers, lend no more, and wait for those that are lent."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for environment in idle:
            environment.kill()
            self._forget()
        with self._changed:
            self._changed.wait_for(lambda: self._workers == 0)

    def _take(self, deadline: float) -> ExecutionEnvironment | None:
        with self._changed:
            while not self._closed:
                if self._idle:
                    return self._idle.pop()
                if self._workers < self._max_workers:
                    self._workers += 1
                    return None
                if not self._changed.wait(deadline - time.monotonic()):
                    raise ThrottledError
            raise RuntimeError("the function runner is closed")

    def _take_spare(self, idle_before: float) -> list[ExecutionEnvironment]:
        spare = [environment for environment in self._idle if environment.idle_since < idle_before]
        del self._idle[: len(spare)]
        return spare

    def _forget(self) -> None:
        with self._changed:
            self._workers -= 1
            self._changed.notify_all()

    def _fits(self, environment: ExecutionEnvironment, function: Function) -> bool:
        # A function that was deployed anew has another record; its old workers hold old code and variables.
        return environment.function == function and self._now() < environment.expires_at and environment.is_waiting()
