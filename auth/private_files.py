"""Small secrets in files that only this operating-system user can read, below `$XDG_STATE_HOME/gatehouse`.

Whatever is wider open than that, or somebody else's, is neither read nor written. POSIX only.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auth.errors import AuthError

_OTHERS = 0o077


def folder() -> Path:
    """Where the files are. A relative XDG_STATE_HOME does not count (XDG Base Directory Specification)."""
    base = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".local" / "state") / "gatehouse"


def read(name: str) -> str | None:
    """The text under that name, or None. Raises AuthError for a file that is not private."""
    with suppress(FileNotFoundError), _opened() as directory:
        # Attack: a link in place of the file, to something that another program wrote.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
            _check_private(file.fileno(), folder() / name)
            return file.read()
    return None


def write(name: str, text: str) -> Path:
    """Keep the text; whoever reads meanwhile gets the old one or the new one, whole. Raises AuthError."""
    with _os_errors():
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = f"{name}.{secrets.token_hex(8)}"
    with _opened() as directory:
        # Attack: another user of this machine reads along. The file is 0600 from its first moment, and nobody's link.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(temporary, flags, 0o600, dir_fd=directory), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    return folder() / name


def remove(name: str) -> None:
    """Drop the text, if there is one. Raises AuthError."""
    with suppress(FileNotFoundError), _opened() as directory:
        os.unlink(name, dir_fd=directory)


@contextmanager
def _opened() -> Iterator[int]:
    """The folder, held open so that nobody puts another one in its place. Raises FileNotFoundError, AuthError."""
    with _os_errors():
        descriptor = os.open(folder(), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _check_private(descriptor, folder())
            yield descriptor
        finally:
            os.close(descriptor)


def _check_private(descriptor: int, path: Path) -> None:
    found = os.fstat(descriptor)
    # Attack: a folder or file that somebody else made here in advance, to read it or to say what is in it.
    if found.st_uid != os.geteuid():
        raise AuthError(f"{path} belongs to somebody else", hint="remove it, or set XDG_STATE_HOME")
    if found.st_mode & _OTHERS:
        raise AuthError(f"{path} is open to other users", hint=f"chmod go= {path}")


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise AuthError(f"{folder()} cannot be used: {error.strerror}") from error
