"""A local cloud as a user has it: `python -m localcloud up` in a process of its own, spoken to over its socket."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud.aws.stack import transform_cache

ROOT = Path(__file__).resolve().parent.parent
TRANSFORMED = ROOT / "build" / "transformed.json"
"""Our template after SAM, the slow part of a first start. It says what it was made of, so an old one does no harm."""
_OTHER_TRANSFORM = {"--no-stack", "--template", "--parameters", "--stand-ins"}


@dataclass(slots=True)
class LocalCloud:
    """One server process on a data folder of its own."""

    data_dir: Path
    options: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)

    def start(self) -> LocalCloud:
        """Start the server and wait until it says that it is ready. Raises RuntimeError with what it printed."""
        transformed = transform_cache(self.data_dir)
        is_usual = _OTHER_TRANSFORM.isdisjoint(self.options)
        if is_usual and TRANSFORMED.exists() and not transformed.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TRANSFORMED, transformed)
        command = [sys.executable, "-m", "localcloud", "up", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        self.process = subprocess.Popen(
            [*command, *self.options],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("listening on "):
                self.port = int(line.split(":")[-1].split()[0])
            if line.startswith("ready"):
                # Read on, or a full pipe would stop the server.
                threading.Thread(target=self._read_on, args=(self.process,), daemon=True).start()
                if is_usual:
                    _keep(transformed)
                return self
            if line.startswith("error:"):
                break
        with self.process.stdout:
            self.kill()
        raise RuntimeError("the local cloud did not start:\n" + "\n".join(self.lines))

    def _read_on(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.lines.extend(line.rstrip() for line in lines)

    @property
    def endpoint(self) -> str:
        """The URL of everything."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        outputs: dict[str, str] = json.loads((self.data_dir / "outputs.json").read_text())
        return outputs

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a control endpoint."""
        return self.ask(urllib.request.Request(f"{self.endpoint}/_localcloud/{path}"))

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of a control endpoint."""
        data = json.dumps(body or {}).encode()
        request = urllib.request.Request(
            f"{self.endpoint}/_localcloud/{path}", data, {"content-type": "application/json", **(headers or {})}
        )
        return self.ask(request)

    def code(self, to: str) -> str:
        """The newest code that was sent to an address."""
        status, found = self.get(f"outbox?to={urllib.parse.quote(to)}")
        assert status == 200, found
        return str(found["code"])

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What was sent to an address, newest first."""
        status, found = self.get(f"outbox?to={urllib.parse.quote(to)}")
        return list(found["messages"]) if status == 200 else []

    def advance(self, seconds: float) -> float:
        """Move the cloud's clock; its new time."""
        _, answer = self.post("clock", {"advance_seconds": seconds})
        return float(answer["now"])

    def now(self) -> float:
        """The cloud's time."""
        return self.advance(0)

    def kill(self) -> None:
        """SIGKILL: no clean-up at all."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """What Ctrl-C does."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(number)
        self.process.wait(30)
        self.process = None

    def ask(self, request: urllib.request.Request) -> tuple[int, Any]:
        """Status and JSON of any request."""
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)


def _keep(transformed: Path) -> None:
    """For the next cloud, of this worker or another: never there by half."""
    if TRANSFORMED.exists() and TRANSFORMED.read_bytes() == transformed.read_bytes():
        return
    TRANSFORMED.parent.mkdir(exist_ok=True)
    partial = TRANSFORMED.with_suffix(f".{os.getpid()}")
    shutil.copyfile(transformed, partial)
    partial.replace(TRANSFORMED)


def wait_until(done: Any, seconds: float = 10.0) -> None:
    """Ask again until it holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
