"""The local cloud that the demo runs against: the one that is up, or one that lives as long as the demo."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auth import Settings
from localcloud.process import CloudError, RunningCloud, throw_away_cloud


@dataclass(frozen=True, slots=True)
class Stage:
    """A local cloud with its stack up."""

    cloud: RunningCloud
    settings: Settings

    def code(self, address: str) -> str:
        """The newest code that was sent to an address. Raises CloudError."""
        try:
            return str(self.cloud.ask(f"outbox?to={urllib.parse.quote(address)}")["code"])
        except urllib.error.HTTPError as error:
            raise CloudError(f"no message was sent to {address}") from error


@contextlib.contextmanager
def running_cloud(outputs: str) -> Iterator[Stage]:
    """The cloud of that outputs file where it answers; else a new one on an empty folder. Raises CloudError."""
    running = _answering(Path(outputs))
    with contextlib.nullcontext(running) if running else throw_away_cloud() as cloud:
        yield Stage(cloud, Settings.from_outputs(cloud.outputs_file))


def _answering(path: Path) -> RunningCloud | None:
    try:
        outputs = json.loads(path.read_text())
        cloud = RunningCloud(outputs["EndpointUrl"], outputs, path)
        return cloud if cloud.ask("health")["stack"] == "ready" else None
    except (OSError, ValueError, KeyError):
        return None
