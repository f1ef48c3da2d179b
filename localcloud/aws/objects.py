"""S3's objects on disk: the bytes of one and what is known of them change together, also where a kill comes between.

The engine replaces two files, one after the other. Here both lie beside the old ones until they are whole, and only
then take their places, the bytes first: what is known of them waits alone for those that are in place already.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from localcloud.aws.seams import Seams

_KNOWN = ".meta.json.tmp"
"""How a file ends that waits to be what is known of the object beside it; its waiting bytes end in `.tmp` alone."""


def install(seams: Seams, s3: ModuleType) -> None:
    """Let the engine's S3 keep objects that way."""
    pairs = _Pairs(seams.original(s3, "_persist_object"), seams.original(s3, "_atomic_write"))
    seams.replace(s3, "_persist_object", pairs.persist)
    seams.replace(s3, "_atomic_write", pairs.write)


def load(s3: ModuleType, folder: Path) -> None:
    """Have the engine know the objects in a folder, after a kill as well."""
    recover(folder)
    s3._load_persisted_data()


def recover(folder: Path) -> None:
    """End what a kill cut off: a write whose bytes are in place is completed, any other was never answered and goes."""
    waiting = [path for path in folder.rglob("*.tmp") if path.is_file()]
    for path in waiting:
        if not path.name.endswith(_KNOWN):
            continue
        if path.with_name(path.name.removesuffix(_KNOWN) + ".tmp").exists() or not _is_whole(path):
            path.unlink()
        else:
            path.replace(path.with_suffix(""))
    for path in waiting:
        path.unlink(missing_ok=True)


def _is_whole(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except ValueError:
        return False


class _Pairs(threading.local):
    """The files of the object that this thread is writing, by where they are to be."""

    def __init__(self, persist: Callable[..., Any], write: Callable[..., Any]) -> None:
        self._persist, self._write = persist, write
        self._paths: list[str] | None = None

    def persist(self, *arguments: Any) -> None:
        """In place of `_persist_object`."""
        self._paths = []
        try:
            self._persist(*arguments)
        finally:
            self._paths = None

    def write(self, path: str, data: Any, *, text: bool = False) -> None:
        """In place of `_atomic_write`. What is known of an object is text, and comes last."""
        if self._paths is None:
            self._write(path, data, text=text)
            return
        with open(f"{path}.tmp", "wb", opener=_private) as file:
            file.write(data.encode() if text else data)
        self._paths.append(path)
        if text:
            for each in self._paths:
                Path(f"{each}.tmp").replace(each)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
