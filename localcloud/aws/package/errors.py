"""The one kind of error that a build may end in."""

from __future__ import annotations


class PackageError(Exception):
    """Why there is no build: one sentence that names the function, file or package, for the person at the terminal."""
