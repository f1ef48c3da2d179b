"""A local cloud in a process of its own, for as long as a block of code needs it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT = 60


class CloudError(Exception):
    """The local cloud did not start, or its template does not deploy; the text is what it said."""


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """A running local cloud and the outputs of its stack, which stand in a file, too."""

    endpoint: str
    outputs: Mapping[str, str]
    outputs_file: Path

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What a control endpoint answers, by GET, or by POST with a body. Raises urllib's HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.endpoint}/_localcloud/{path}"
        request = urllib.request.Request(url, data, {"content-type": "application/json"})  # noqa: S310 (our own)
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            return json.load(answer)

    def output(self, name: str) -> str:
        """An output of the stack. Raises CloudError."""
        if name not in self.outputs:
            raise CloudError(f"the stack has no output {name!r}; it has {', '.join(sorted(self.outputs))}")
        return self.outputs[name]

    @property
    def region(self) -> str:
        """The region that everything is in."""
        return self.outputs.get("Region", "us-east-1")

    def now(self) -> float:
        """The cloud's time, seconds since the epoch."""
        return self.advance(0)

    def advance(self, seconds: float) -> float:
        """Move the cloud's clock forward; its new time."""
        return float(self.ask("clock", {"advance_seconds": seconds})["now"])

    def decisions(self) -> dict[str, dict[str, Any]]:
        """What was decided for each call so far, by request id, where the cloud runs with `--decisions`."""
        found: dict[str, dict[str, Any]] = {}
        after = 0
        while page := self.ask(f"decisions?after={after}"):
            found |= {decided["request_id"]: decided for decided in page["decisions"]}
            if page["next"] == after:
                break
            after = page["next"]
        return found


@contextlib.contextmanager
def throw_away_cloud(
    template: Path | None = None, parameters: Path | None = None, *, options: Sequence[str] = (), python: str = ""
) -> Iterator[RunningCloud]:
    """A new cloud on an empty folder, with the template's stack, gone afterwards. Raises CloudError.

    `python` is the interpreter whose environment has the local cloud, this one's by default.
    """
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as folder:
        named = [("--template", template), ("--parameters", parameters)]
        arguments = [text for name, path in named if path for text in (name, str(path))]
        command = [python or sys.executable, "-m", "localcloud", "up", "--port", "0", "--data-dir", folder]
        process = subprocess.Popen(
            [*command, *arguments, *options],
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            try:
                _wait(process)
                file = Path(folder) / "outputs.json"
                outputs = json.loads(file.read_text())
                yield RunningCloud(outputs["EndpointUrl"], outputs, file)
            finally:
                process.terminate()


def _wait(process: subprocess.Popen[str]) -> None:
    """Until the stack is up; somebody must go on reading then, or a full pipe would stop the server."""
    said = process.stdout
    assert said is not None  # noqa: S101 (it is a pipe)
    lines = []
    for line in said:
        lines.append(line)
        if line.startswith("ready"):
            threading.Thread(target=lambda: [*said], daemon=True).start()
            return
        if line.startswith("error:"):
            # Without a stack the server would go on; its end lets us read the rest of what it says.
            process.terminate()
    said_wrong = [line for line in lines if not line.startswith(("listening", "CREATE_", "DELETE_"))] or lines
    raise CloudError("the local cloud did not start:\n  " + "  ".join(said_wrong).rstrip())
