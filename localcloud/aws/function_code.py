"""Where a function's code lies. The engine keeps code as zip archives; a local build goes in as a zip with a pointer.

So a build is neither zipped nor copied, and yet each published version knows its own.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localcloud.aws.package import stamp

BUILD_BUCKET = "localcloud-build"
"""`Code: {S3Bucket: localcloud-build, S3Key: <absolute folder>, S3ObjectVersion: <fingerprint>}` is a local build."""

_POINTER = "localcloud-build.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_unpacking = threading.Lock()
"""The first calls of a function may come at once."""


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A zip archive, and the folder that it points to if it is a pointer."""

    archive: bytes
    folder: Path | None

    @classmethod
    def point_to(cls, folder: str, fingerprint: str) -> FunctionCode:
        """The pointer to a local build. Raises FileNotFoundError when there is no such folder."""
        if not Path(folder).is_dir():
            raise FileNotFoundError(f"no folder {folder}: run `make package`")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            pointer = json.dumps({"folder": folder, "fingerprint": fingerprint})
            archive.writestr(zipfile.ZipInfo(_POINTER, _EPOCH), pointer)
        return cls(buffer.getvalue(), Path(folder))

    @classmethod
    def read(cls, archive: bytes | None) -> FunctionCode:
        """The code that the engine keeps. Raises LookupError when it keeps none."""
        if archive is None:
            raise LookupError("the function has no code")
        return _read(archive)

    def unpack(self, parent: Path) -> Path:
        """The folder with the archive's files, made on the first call. Raises zipfile.BadZipFile."""
        folder = parent / hashlib.sha256(self.archive).hexdigest()
        with _unpacking:
            if not folder.is_dir():
                # A kill in the middle must not leave half a package behind under the final name.
                partial = folder.with_suffix(f".{os.getpid()}")
                with zipfile.ZipFile(io.BytesIO(self.archive)) as archive:
                    archive.extractall(partial)
                partial.rename(folder)
        return folder


@functools.lru_cache(maxsize=32)
def _read(archive: bytes) -> FunctionCode:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        if content.namelist() != [_POINTER]:
            return FunctionCode(archive, None)
        return FunctionCode(archive, Path(json.loads(content.read(_POINTER))["folder"]))


def fetch_code(
    engine_fetch: Callable[..., bytes | None], bucket: str, key: str, version_id: str | None = None
) -> bytes | None:
    """The archive that a function's `Code` names: from S3 as the engine has it, or the pointer to a local build."""
    if bucket != BUILD_BUCKET:
        return engine_fetch(bucket, key, version_id=version_id)
    return FunctionCode.point_to(key, version_id or "").archive


def fingerprint(folder: Path) -> str:
    """Changes when a build does: what `make package` says of its own, and of any other what its files look like."""
    return stamp.read(folder.parent)[1].get(folder.name, "")[:16] or _look_of(folder)


def _look_of(folder: Path) -> str:
    """Of names, sizes and times, since contents take too long to read."""
    digest = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            status = os.stat(os.path.join(parent, name))  # noqa: PTH116, PTH118 (thousands of files: pathlib is slow)
            digest.update(f"{parent[len(str(folder)) :]}/{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
