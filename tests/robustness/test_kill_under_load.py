"""SIGKILL under a load of many kinds of writes, again and again on the same data folder.

`KILL_ROUNDS=20` makes it longer.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from tests.local_cloud import LocalCloud, wait_until
from tests.robustness.writes import Writes, all_kinds

ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))


def write_until_killed(cloud: LocalCloud, kinds: list[Writes]) -> None:
    """All kinds at once; the kill comes when each of them has been answered some times."""
    before = [each.answered for each in kinds]
    with ThreadPoolExecutor(len(kinds)) as threads:
        running = [threads.submit(each.go_on) for each in kinds]
        try:
            wait_until(
                lambda: (
                    all(each.answered > then + 1 for each, then in zip(kinds, before, strict=True))
                    or any(each.done() for each in running)
                ),
                60,
            )
        finally:
            cloud.kill()
        for each in wait(running).done:
            each.result()


@pytest.mark.timeout(60 + 30 * ROUNDS)
def test_nothing_answered_is_lost_and_nothing_is_there_by_half(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path / "data", ("--no-stack",)).start()
    try:
        kinds = all_kinds(cloud)
        for _ in range(ROUNDS):
            write_until_killed(cloud, kinds)
            cloud.start()
            for each in kinds:
                each.check()
    finally:
        cloud.kill()
