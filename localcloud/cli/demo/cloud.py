"""The local cloud that the demo runs against: the one that is up, or one that lives as long as the demo."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auth import Settings


class CloudError(Exception):
    """There is no local cloud to run against."""


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """A local cloud with its stack up."""

    settings: Settings
    outputs: dict[str, str]

    def code(self, address: str) -> str:
        """The newest code that was sent to an address. Raises CloudError."""
        try:
            return str(self._ask(f"outbox?to={urllib.parse.quote(address)}")["code"])
        except urllib.error.HTTPError as error:
            raise CloudError(f"no message was sent to {address}") from error

    def now(self) -> float:
        """The cloud's time, which somebody may have moved on: seconds since the epoch."""
        return float(self._ask("clock", b'{"advance_seconds": 0}')["now"])

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        url = f"{self.outputs['EndpointUrl']}/_localcloud/{path}"
        request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310 (our own)
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return json.load(response)


@contextlib.contextmanager
def running_cloud(outputs: str) -> Iterator[RunningCloud]:
    """The cloud of that outputs file where it answers; else a new one on an empty folder."""
    path = Path(outputs)
    if _answers(path):
        yield _open(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "localcloud", "up", "--port", "0", "--data-dir", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait(process)
            yield _open(Path(folder) / "outputs.json")
        finally:
            process.terminate()
            process.wait(10)


def _open(path: Path) -> RunningCloud:
    return RunningCloud(Settings.from_outputs(path), json.loads(path.read_text()))


def _answers(path: Path) -> bool:
    try:
        endpoint = json.loads(path.read_text())["EndpointUrl"]
        with urllib.request.urlopen(f"{endpoint}/_localcloud/health", timeout=5) as response:  # noqa: S310
            return bool(json.load(response)["stack"] == "ready")
    except (OSError, ValueError, KeyError):
        return False


def _wait(process: subprocess.Popen[str]) -> None:
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if line.startswith("ready"):
            return
        if line.startswith("error:"):
            # Without a stack the server would go on; its end lets us read the rest of what it says.
            process.terminate()
    raise CloudError("the local cloud did not start:\n" + "".join(lines))
