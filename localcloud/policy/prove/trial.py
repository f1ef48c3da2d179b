"""The trial: every cell's call is made, and joined with what the cloud decided on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from botocore.exceptions import BotoCoreError

from localcloud.policy.prove.cells import Cell
from localcloud.policy.prove.outcomes import Outcome, judge, without_keys
from localcloud.policy.prove.pools import Person
from localcloud.policy.prove.stage import Stage
from localcloud.policy.prove.wire import Answer, Wire
from localcloud.process import RunningCloud

THREADS = 8

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many are; of what cannot be counted, 0 of 0."""

Attempt = tuple[Cell, Answer | str, str]
"""A cell, the answer to its call (or why it could not be made), and the part of the request that counts."""


class Trial:
    """The trial of one cloud."""

    def __init__(self, cloud: RunningCloud, wire: Wire, stage: Stage, people: Mapping[str, Person]) -> None:
        self._cloud, self._wire, self._stage, self._people = cloud, wire, stage, people

    def run(self, cells: Sequence[Cell], progress: Progress) -> list[Outcome]:
        """Make every call; what could break the stage comes last. The outcomes are in the order of the cells."""
        tried = [cell for cell in cells if self._can_try(cell)]
        self._stage.furnish(tried)
        count = _Count(len(tried), progress)
        attempts: dict[int, Attempt] = {}
        with ThreadPoolExecutor(THREADS) as pool:
            for _, group in groupby(tried, key=lambda cell: cell.turn):
                for attempt in pool.map(lambda cell: self._try(cell, count), group):
                    attempts[id(attempt[0])] = attempt
        decisions = self._cloud.decisions()
        return [
            judge(*attempts[id(cell)], decisions)
            if id(cell) in attempts
            else without_keys(cell, self._people[cell.persona.name].refusal)
            for cell in cells
        ]

    def _can_try(self, cell: Cell) -> bool:
        return cell.persona.kind == "anonymous" or self._people[cell.persona.name].keys is not None

    def _try(self, cell: Cell, count: _Count) -> Attempt:
        count.up()
        call = cell.call
        try:
            params = call.fill(self._stage.scene(cell))
            answer = self._wire.send(self._people[cell.persona.name].keys, call.operation, params, call.transport)
        except (BotoCoreError, LookupError, TypeError, ValueError, AttributeError) as error:
            return cell, f"the call cannot be made: {type(error).__name__}: {error}", ""
        objects = params.get("Delete", {}).get("Objects", ())
        part = "\0".join(filter(None, (objects[0]["Key"], objects[0].get("VersionId")))) if objects else ""
        return cell, answer, part


class _Count:
    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress = total, progress
        self._done, self._lock = 0, threading.Lock()

    def up(self) -> None:
        with self._lock:
            self._done += 1
            self._progress("calls", self._done, self._total)
