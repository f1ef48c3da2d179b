"""Whether anything changed since the last build: one digest over all that goes into it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

TEMPLATE = Path("cloudformation/backend.yaml")
# Only these may be in a package. Anything else is foreign to it, `localcloud` and `tests` too.
OWN = ("triggers", "api", "auth")
INSTALLED = ".packages"
_NAME = ".stamp"


def digest(root: Path, target: str) -> str:
    """The digest of all of a build's inputs as they are now."""
    machine = os.uname()
    return digest_files(_inputs(root), f"{target} {sys.version} {machine.sysname} {machine.machine}")


def digest_files(paths: Iterable[Path], also: str) -> str:
    """The digest of these files, of the packager itself, and of what else counts."""
    total = hashlib.sha256(also.encode())
    for path in sorted([*paths, *Path(__file__).parent.glob("*.py")]):
        content = path.read_bytes() if path.is_file() else b""
        total.update(f"\n{path} {len(content)}\n".encode() + content)
    return total.hexdigest()


def read(folder: Path) -> tuple[str, dict[str, str]]:
    """The digest of the last build in this folder, empty if it is not whole, and that of each package."""
    try:
        document = _load(folder)
        return document["digest"], dict(document["packages"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", {}


def is_swept(folder: Path) -> bool:
    """Whether somebody who tidied up took the compiled modules, too: each cold start would take twice as long."""
    try:
        return bool(_load(folder)["compiled"]) and not _is_compiled(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def is_current(folder: Path, inputs: str) -> bool:
    """Whether the last build was made of these inputs and is still there."""
    built, packages = read(folder)
    return built == inputs and all((folder / name).is_dir() for name in packages) and not is_swept(folder)


def write(folder: Path, inputs: str, packages: Mapping[str, str]) -> None:
    """Say what is built. Until all is, `inputs` is empty; a package is not among them while it is being replaced."""
    new = folder / f"{_NAME}.new"
    document = {"digest": inputs, "packages": packages, "compiled": _is_compiled(folder)}
    new.write_text(json.dumps(document), encoding="utf-8")
    new.replace(folder / _NAME)


def _load(folder: Path) -> Any:
    return json.loads((folder / _NAME).read_bytes())


def _is_compiled(folder: Path) -> bool:
    return any((folder / INSTALLED).rglob("*.pyc"))


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / TEMPLATE, root / "pyproject.toml", root / "uv.lock")
    for name in OWN:
        yield from (path for path in (root / name).rglob("*") if path.is_file() and path.suffix != ".pyc")
