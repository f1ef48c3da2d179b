"""The locked packages of one dependency group, installed once for all the functions that share it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from localcloud.aws.package.errors import PackageError
from localcloud.aws.package.machine import Machine
from localcloud.aws.package.sources import Sources

LIGHT, AWS = "lambda-light", "lambda-aws"
# No package here reads its own metadata at run time, and none has a use for its scripts.
_LEFT_OUT = ("*.dist-info", "bin", ".lock", "boto3/examples")


def group_of(sources: Sources) -> str:
    """The dependency group that a function needs: the one with boto3 only if it imports that, at whatever time."""
    return AWS if {"boto3", "botocore"} & sources.foreign.keys() else LIGHT


def export_locked(root: Path, group: str) -> str:
    """The group's packages as uv.lock has them, with hashes, as a requirements file."""
    options = ["--frozen", "--only-group", group, "--no-emit-project", "--no-header", "--no-annotate", "--quiet"]
    return _run_uv(root, "export", *options)


def shared_folder(shared: Path, requirements: str, machine: Machine) -> Path:
    """Where below `shared` these packages are, or will be."""
    return shared / hashlib.sha256(f"{machine.key}\n{requirements}".encode()).hexdigest()[:16]


def install(root: Path, requirements: str, machine: Machine, folder: Path) -> None:
    """Install and compile these packages in a folder, unless it is there already."""
    if folder.is_dir():
        return
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as new:
        listed, installed = Path(new, "requirements.txt"), Path(new, "packages")
        listed.write_text(requirements, encoding="utf-8")
        installed.mkdir()
        options = ["--link-mode", "hardlink", "--no-deps", "--require-hashes", "--python", sys.executable, "--quiet"]
        _run_uv(root, "pip", "install", "--target", str(installed), *options, *machine.options, "-r", str(listed))
        for path in [path for pattern in _LEFT_OUT for path in installed.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        machine.compile(installed)
        installed.rename(folder)


def check_complete(name: str, sources: Sources, group: str, packages: Path) -> None:
    """Raise PackageError for an import that neither the standard library nor the installed packages can serve."""
    for module, place in sources.foreign.items():
        installed = (packages / module).is_dir() or any(packages.glob(f"{module}.*"))
        if not installed and module not in sys.stdlib_module_names:
            raise PackageError(f"{name}: {place} imports {module}, which is not in dependency group {group}")


def _run_uv(root: Path, *arguments: str) -> str:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv is None:
        raise PackageError("uv is neither beside this Python nor on the PATH (`make setup` installs it)")
    done = subprocess.run([uv, *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise PackageError(f"uv {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout
