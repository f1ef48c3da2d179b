"""Whether anything changed since the last build: one digest over all that goes into it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

TEMPLATE = Path("cloudformation/backend.yaml")
# Only these may be in a package. Anything else is foreign to it, `localcloud` and `tests` too.
OWN = ("triggers", "api", "auth")


def digest(root: Path, target: str) -> str:
    """The digest of a build's inputs as they are now."""
    machine = os.uname()
    total = hashlib.sha256(f"{target} {sys.version} {machine.sysname} {machine.machine}".encode())
    for path in _inputs(root):
        content = path.read_bytes() if path.is_file() else b""
        total.update(f"\n{path} {len(content)}\n".encode() + content)
    return total.hexdigest()


def read(folder: Path) -> tuple[str, list[str]]:
    """The digest of the last whole build in this folder and the names that it built."""
    try:
        document = json.loads(_place(folder).read_bytes())
        return document["digest"], document["packages"]
    except (OSError, ValueError, KeyError, TypeError):
        return "", []


def is_current(folder: Path, inputs: str) -> bool:
    """Whether the last build was made of these inputs and is still there."""
    built, names = read(folder)
    return built == inputs and all((folder / name).is_dir() for name in names)


def write(folder: Path, inputs: str, names: list[str]) -> None:
    """Say that a build is whole. Call it last."""
    new = folder / ".stamp.new"
    new.write_text(json.dumps({"digest": inputs, "packages": names}), encoding="utf-8")
    new.replace(_place(folder))


def remove(folder: Path) -> None:
    """Say that there is no whole build. Call it before the first change."""
    _place(folder).unlink(missing_ok=True)


def _place(folder: Path) -> Path:
    return folder / ".stamp"


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / TEMPLATE, root / "pyproject.toml", root / "uv.lock")
    yield from sorted(Path(__file__).parent.glob("*.py"))
    for name in OWN:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
