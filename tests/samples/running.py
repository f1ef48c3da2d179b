"""Runs a sample as its reader does: a process of its own, with nothing of AWS in its environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "mobile_sdk_samples"

STEPS = (
    r"signs up as \S+@example\.com",
    r"confirms with the code from the mail",
    r"signs in with the password",
    r"sets up TOTP",
    r"signs in with the password and a TOTP code",
    r"has this device remembered",
    r"signs in on the remembered device, without a code",
    r"gets AWS credentials of its own",
    r"is in the identity map",
    r"uploads private/us-east-1:[0-9a-f-]{36}/note\.txt",
    r"puts an item into the partition us-east-1:[0-9a-f-]{36}",
    r"is refused a file under private/us-east-1:00000000-0000-4000-8000-000000000000/",
    r"is refused an item in the partition us-east-1:00000000-0000-4000-8000-000000000000",
)


def run(command: Sequence[str | Path], folder: Path = SAMPLES) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, at most 100 seconds."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=100, check=False)


def check_told(told: subprocess.CompletedProcess[str]) -> None:
    """Every step is there, in order, and no secret: no token, key or TOTP secret."""
    assert told.returncode == 0, told.stdout + told.stderr
    steps = [line for line in told.stdout.splitlines() if line.startswith("ok ")]
    assert len(steps) == len(STEPS), told.stdout
    for line, expected in zip(steps, STEPS, strict=True):
        assert re.fullmatch(f"ok    {expected}", line), line
    secret = re.search(r"eyJ|[A-Z2-7]{32}|\b(AKIA|ASIA)|Aa1-", told.stdout + told.stderr)
    assert secret is None, f"a secret was printed: {secret}"


def check_stopped(told: subprocess.CompletedProcess[str], why: str) -> None:
    """The sample ended with an error of the given pattern, and said so in its exit code."""
    assert told.returncode == 1, told.stdout + told.stderr
    # Amplify warns on standard error about any endpoint of one's own; the error is the last line.
    assert re.fullmatch(f"error: {why}", told.stderr.splitlines()[-1]), told.stderr


def altered(outputs: Mapping[str, str], folder: Path, **changes: str) -> Path:
    """An outputs file that differs in some values."""
    path = folder / "outputs.json"
    path.write_text(json.dumps({**outputs, **changes}))
    return path
