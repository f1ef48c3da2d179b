"""The throw-away local cloud that the proof runs on: a process of its own on an empty folder."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from localcloud.policy.prove.wire import Keys

ROOT = Keys("test", "test")
"""The root's keys on every local cloud."""


class CloudError(Exception):
    """The local cloud did not start, or the template does not deploy."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running local cloud with the template's stack."""

    endpoint: str
    outputs: Mapping[str, str]

    @property
    def region(self) -> str:
        """The region that everything is in."""
        return self.outputs.get("Region", "us-east-1")

    def output(self, name: str) -> str:
        """An output of the stack. Raises CloudError."""
        if name not in self.outputs:
            raise CloudError(f"the stack has no output {name!r}; it has {', '.join(sorted(self.outputs))}")
        return self.outputs[name]

    def now(self) -> float:
        """The cloud's time, in seconds since the epoch."""
        return self.advance(0)

    def advance(self, seconds: float) -> float:
        """Move the cloud's clock on; its new time."""
        return float(self._ask("clock", json.dumps({"advance_seconds": seconds}).encode())["now"])

    def decisions(self) -> dict[str, dict[str, Any]]:
        """What was decided for each call so far, by request id."""
        found: dict[str, dict[str, Any]] = {}
        after = 0
        while page := self._ask(f"decisions?after={after}"):
            found |= {decided["request_id"]: decided for decided in page["decisions"]}
            if page["next"] == after:
                break
            after = page["next"]
        return found

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        url = f"{self.endpoint}/_localcloud/{path}"
        request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310 (our own)
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return json.load(response)


@contextlib.contextmanager
def throw_away_cloud(template: Path, parameters: Path) -> Iterator[Cloud]:
    """A cloud that has the template deployed, and is gone afterwards. Raises CloudError."""
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        options = ["--data-dir", folder, "--template", str(template), "--parameters", str(parameters)]
        process = subprocess.Popen(
            [sys.executable, "-m", "localcloud", "up", "--port", "0", "--decisions", *options],
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        output = process.stdout
        assert output is not None  # noqa: S101 (it is a pipe)
        try:
            _wait(process, output)
            # Read on, or a full pipe would stop the server.
            threading.Thread(target=_read_on, args=(output,), daemon=True).start()
            outputs = json.loads((Path(folder) / "outputs.json").read_text())
            yield Cloud(outputs["EndpointUrl"], outputs)
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[str], output: IO[str]) -> None:
    lines: list[str] = []
    for line in output:
        lines.append(line)
        if line.startswith("ready"):
            return
        if line.startswith("error:"):
            # Without a stack the server would go on; its end lets us read the rest of what it says.
            process.terminate()
    output.close()
    said = [line for line in lines if not line.startswith(("listening", "CREATE_", "DELETE_"))] or lines
    raise CloudError("the template does not deploy:\n  " + "  ".join(said).rstrip())


def _read_on(output: IO[str]) -> None:
    with output:
        for _ in output:
            pass
