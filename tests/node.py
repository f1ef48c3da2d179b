"""Node for the tests that need it: is it there, and are a folder's packages?"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def require(what: str) -> None:
    """Go on only where there is Node 20; in CI a skipped test would look like one that passes."""
    if version() < 20:
        message = f"{what} need Node 20 or newer with npm: https://nodejs.org, or your system's `nodejs` package"
        (pytest.fail if "CI" in os.environ else pytest.skip)(message)


def version() -> int:
    """The major version; 0 where there is no Node."""
    if shutil.which("npm") is None:
        return 0
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.removeprefix("v").partition(".")[0])


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """The packages of a folder's lock file, installed unless they are; the other test workers wait meanwhile."""
    lock = ROOT / f"build/{folder.name}.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released with the file
        if not is_newer(folder / "node_modules/.package-lock.json", [folder / "package-lock.json"]):
            subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True)
        yield


def is_newer(made: Path, sources: list[Path]) -> bool:
    """Whether it was made after all of its sources were written."""
    return made.exists() and all(made.stat().st_mtime >= source.stat().st_mtime for source in sources)
