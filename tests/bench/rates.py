"""How many times a second: one client after another, or eight at once, each a process of its own."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.bench.client import RawClient

PASSWORD = "Correct-Horse-7"


def sequential(work: Callable[[int], Any], seconds: float) -> float:
    """Calls a second, one after another."""
    for number in range(3):
        work(number)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        work(count)
        count += 1
    return count / (time.perf_counter() - began)


def rate(port: int, work: Callable[[RawClient], Any], seconds: float, clients: int) -> float:
    """Sign-ins a second with so many clients; `work` makes one."""
    if clients == 1:
        raw = RawClient(port)
        return sequential(lambda _: work(raw), seconds)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    start = context.Barrier(clients)
    workers = [context.Process(target=_many, args=(port, work, seconds, start, queue)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    rates: list[float] = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(rates)


def _many(port: int, work: Callable[[RawClient], Any], seconds: float, start: Any, queue: Any) -> None:
    raw = RawClient(port)
    start.wait()
    queue.put(sequential(lambda _: work(raw), seconds))


def paired(ours: Callable[[], float], peer: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Medians of both and the median of the ratios, measured in turn so that a drifting machine hits both alike."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return (
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )
