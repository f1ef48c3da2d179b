"""The servers that are compared, each a process of its own on a free port with an empty data folder."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Server:
    """A running server: how long it took to answer, and what it costs in memory."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    start_seconds: float

    @property
    def endpoint(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def resident_mb(self) -> float:
        """Resident memory of the server process alone, without function workers."""
        return self._status("VmRSS")

    @property
    def most_resident_mb(self) -> float:
        """The most that it was at any time."""
        return self._status("VmHWM")

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()

    def _status(self, name: str) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"no {name}")


def start_ours(data_dir: Path, *options: str) -> Server:
    """Our local cloud."""
    port = _free_port()
    command = [sys.executable, "-m", "localcloud", "up", "--port", str(port), "--data-dir", str(data_dir), *options]
    return _start("localcloud", port, command, {}, "/_localcloud/health")


def start_peer() -> Server:
    """ministack, with its authentication switched on."""
    port = _free_port()
    variables = {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    return _start("ministack", port, [sys.executable, "-m", "ministack"], variables, "/_ministack/health")


def start_floor() -> Server:
    """The floor under a sign-in (`floor.py`)."""
    port = _free_port()
    return _start("floor", port, [sys.executable, "-m", "tests.bench.floor", str(port)], {}, "/")


def _start(name: str, port: int, command: Sequence[str], variables: Mapping[str, str], path: str) -> Server:
    began = time.perf_counter()
    # Byte code is kept, as it is on a user's machine: without it both servers would compile at each start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**environment, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not _answers(port, path):
        if process.poll() is not None or time.perf_counter() - began > 60:
            raise RuntimeError(f"{name} did not start")
        time.sleep(0.005)
    return Server(name, port, process, time.perf_counter() - began)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
