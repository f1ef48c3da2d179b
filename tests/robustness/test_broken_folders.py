"""Data folders that nobody can read any more, and Ctrl-C: one clear line, or none, and never a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local_cloud import ROOT, LocalCloud

COMMAND = (sys.executable, "-m", "localcloud")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_our_own_database_is_broken_and_a_reset_mends_it(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"garbage" * 100)
    ended = run("up", "--port", "0", "--data-dir", str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"error: the data folder {tmp_path} cannot be read: file is not a database",
        f"hint: forget it all: python -m localcloud reset --data-dir {tmp_path}",
    ]
    assert run("reset", "--data-dir", str(tmp_path)).returncode == 0
    assert not tmp_path.exists()


def test_the_engines_database_is_broken(tmp_path: Path) -> None:
    (tmp_path / "engine.sqlite").write_bytes(b"garbage" * 100)
    command = [*COMMAND, "up", "--port", "0", "--data-dir", str(tmp_path), "--no-stack"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert said.startswith(f"error: {tmp_path}/engine.sqlite cannot be read: file is not a database; ")
    assert rest == "", "said twice"


@pytest.mark.parametrize("port", ["65536", "-1", "99999999999999999999", "http"])
def test_a_port_that_is_none(port: str) -> None:
    ended = run("up", f"--port={port}")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert f"argument --port: '{port}' is not a port, 0 to 65535" in ended.stderr


def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path, ("--no-stack",)).start()
    assert cloud.process is not None
    cloud.process.send_signal(signal.SIGINT)
    assert cloud.process.wait(20) == 0
    cloud.kill()
    assert [line for line in cloud.lines if not line.startswith(("listening", "ready"))] == []
