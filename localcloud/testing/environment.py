"""The Python that runs the local cloud: this one, or one with packages of its own.

The local cloud pins its engine, and the engine pins botocore to the patch. A project that needs another botocore keeps
it: the local cloud then runs from an environment that is made once and kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path

_NAME = "gatehouse"
_ENGINE = "ministack"
_STAMP = "ready"


class NoEnvironmentError(Exception):
    """The environment could not be made; the text says why and what to do."""


def find_python(folder: Path, say: Callable[[str], None]) -> str:
    """The interpreter that can run the local cloud; one is made below `folder` when this one cannot.

    Raises NoEnvironmentError.
    """
    return sys.executable if _fits() else _own_python(folder, say)


def _fits() -> bool:
    """Whether the engine is installed here, with everything at the versions that it asks for."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in distribution(_ENGINE).requires or ()]
        pinned = [each for each in wanted if each.name == "botocore" and not each.marker]
        return all(version(each.name) in each.specifier for each in pinned)
    except PackageNotFoundError:
        return False


def _own_python(folder: Path, say: Callable[[str], None]) -> str:
    source = _source(distribution(_NAME))
    home = folder / hashlib.sha256(f"{source} {sys.version}".encode()).hexdigest()[:16]
    python = home / "bin" / "python"
    with _locked(folder):
        if not (home / _STAMP).exists():
            say(f"making an environment for the local cloud, once: {home}")
            shutil.rmtree(home, ignore_errors=True)
            # uv where there is one: seconds instead of half a minute.
            if uv := shutil.which("uv"):
                _run([uv, "venv", "--quiet", "--python", sys.executable, str(home)])
                _run([uv, "pip", "install", "--quiet", "--python", str(python), source])
            else:
                _run([sys.executable, "-m", "venv", str(home)])
                _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", source])
            (home / _STAMP).touch()
    return str(python)


def _source(installed: Distribution) -> str:
    """What pip has to be asked for to get the same distribution again, with the local cloud.

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if "url" not in origin:
        return f"{_NAME}[local]=={installed.version}"
    revision = origin.get("vcs_info", {})
    prefix = f"{revision['vcs']}+" if revision else ""
    suffix = f"@{revision['commit_id']}" if revision else ""
    return f"{_NAME}[local] @ {prefix}{origin['url']}{suffix}"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time: the workers of one run all find nothing at first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoEnvironmentError(
            f"{' '.join(command)} failed:\n{done.stderr or done.stdout}\n"
            "Make an environment with gatehouse[local] yourself, and name its Python: gatehouse_python = …"
        )
