"""The folders themselves: made beside the old ones, moved into place when whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from localcloud.aws.package import stamp
from localcloud.aws.package.dependencies import check_complete, export_locked, group_of, install, shared_folder
from localcloud.aws.package.machine import Machine, Target
from localcloud.aws.package.sources import Sources, trace
from localcloud.aws.package.template import read_packages

# Where boto3 keeps the models of all services, 28 MB of them.
_MODELS = (Path("botocore/data"), Path("boto3/data"))


def build(root: Path, folder: Path, target: Target, say: Callable[[str], None]) -> None:
    """Build `folder/NAME` for each package of the template that is not as it should be. Raises PackageError.

    `say` is told each step that takes time. Two builds at once wait for each other; one that is interrupted leaves
    each folder whole or absent, and the next build makes what is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        inputs = stamp.digest(root, target)
        if not stamp.is_current(folder, inputs):
            if stamp.is_swept(folder):
                shutil.rmtree(folder / stamp.INSTALLED)
                stamp.write(folder, "", {})
            stamp.write(folder, inputs, _build_packages(root, folder, target, say))


def _build_packages(root: Path, folder: Path, target: Target, say: Callable[[str], None]) -> dict[str, str]:
    """Build what is not there or has changed. Gives the digest of each package."""
    packages = read_packages(root / stamp.TEMPLATE)
    traced = {package: trace(root, package.modules) for package in packages}
    locked = {group: export_locked(root, group) for group in {group_of(sources) for sources in traced.values()}}
    built, used = stamp.read(folder)[1], set()
    for package, sources in traced.items():
        group, machine = group_of(sources), Machine.of(package, target)
        installed = shared_folder(folder / stamp.INSTALLED, locked[group], machine)
        used.add(installed)
        if not installed.is_dir():
            say(f"installing the packages of {group} for {machine}")
            install(root, locked[group], machine, installed)
        check_complete(package.name, sources, group, installed)
        digest = stamp.digest_files((root / file for file in sources.files), also=installed.name)
        if built.pop(package.name, "") != digest or not (folder / package.name).is_dir():
            stamp.write(folder, "", built)
            size = _assemble(root, sources, installed, machine, folder / package.name)
            say(f"{folder.name}/{package.name}: {group}, {size / 1e6:.1f} MB")
        built[package.name] = digest
    names = {package.name for package in packages}
    _clear(folder, built.keys() - names, used)
    return {name: digest for name, digest in built.items() if name in names}


def _assemble(root: Path, sources: Sources, installed: Path, machine: Machine, place: Path) -> int:
    """Make one package and move it into place. Gives its size in bytes."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as temporary:
        own, new = Path(temporary, "own"), Path(temporary, "package")
        for file in sources.files:
            (own / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, own / file)
        machine.compile(own)
        size = _link(installed, new, sources.services) + _link(own, new, None)
        old = Path(temporary, "old")
        if place.exists():
            place.rename(old)
        new.rename(place)
    return size


def _link(source: Path, destination: Path, services: set[str] | None) -> int:
    """Link a tree into another, of the service models only those of `services` (None: all). Gives its size."""
    size = 0
    for path, folders, files in os.walk(source):
        relative = Path(path).relative_to(source)
        if services is not None and relative in _MODELS:
            folders[:] = [name for name in folders if name in services]
        (destination / relative).mkdir(parents=True, exist_ok=True)
        for name in files:
            _link_file(Path(path, name), destination / relative / name)
            size += Path(path, name).stat().st_size
    return size


def _link_file(source: Path, destination: Path) -> None:
    try:
        os.link(source, destination)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, destination)


def _clear(folder: Path, gone: set[str], used: set[Path]) -> None:
    """Remove packages that the template no longer has, installations without a user, and what a killed build left."""
    leavings = {*(folder / stamp.INSTALLED).iterdir()} - used
    for path in [*(folder / name for name in gone), *leavings, *folder.glob(".new-*")]:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
