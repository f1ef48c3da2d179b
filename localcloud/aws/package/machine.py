"""What a build is for: the template's runtime and architecture on AWS, or this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from localcloud.aws.package.template import Package

Target = Literal["aws", "local"]
# The oldest C library that a Lambda runtime of Python 3.11 has is that of manylinux2014 (Amazon Linux 2).
_PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}


@dataclass(frozen=True, slots=True)
class Machine:
    """A Python version such as `3.11` and uv's name of the platform, None for this very machine."""

    python: str
    platform: str | None

    def __str__(self) -> str:
        return f"Python {self.python} on {self.platform or 'this machine'}"

    @classmethod
    def of(cls, package: Package, target: Target) -> Machine:
        """The machine that a package will run on."""
        if target == "aws":
            return cls(package.runtime.removeprefix("python"), _PLATFORMS[package.architecture])
        return cls(f"{sys.version_info.major}.{sys.version_info.minor}", None)

    @property
    def options(self) -> list[str]:
        """The options that make uv install for this machine."""
        if self.platform is None:
            return []
        return ["--python-platform", self.platform, "--python-version", self.python, "--only-binary", ":all:"]

    @property
    def key(self) -> str:
        """Differs wherever a build would."""
        here = os.uname()
        platform = self.platform or f"{here.sysname} {here.machine}"
        return f"{self.python} {platform} {'compiled' if self.interpreter else 'source'}"

    @property
    def interpreter(self) -> str | None:
        """A Python of that version on this machine, to compile with."""
        if self.python == f"{sys.version_info.major}.{sys.version_info.minor}":
            return sys.executable
        return shutil.which(f"python{self.python}")

    def compile(self, folder: Path) -> None:
        """Compile a folder's modules, if there is a Python to do it.

        A package is read-only on Lambda: what comes without is compiled at each cold start, which then takes twice as
        long. The hash is unchecked because an archive does not keep the times that Python would compare.
        """
        if self.interpreter:
            options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
            subprocess.run([self.interpreter, "-I", "-m", "compileall", *options, str(folder)], check=True)
