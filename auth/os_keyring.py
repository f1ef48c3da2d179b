"""Small secrets in the operating system's keyring, where the library `keyring` is installed and finds a safe one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auth.errors import AuthError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "gatehouse"


def read(name: str) -> str | None:
    """The secret under that name; None without a keyring, or of one that does not open."""
    try:
        backend = _backend()
        return backend.get_password(SERVICE, name) if backend else None
    except Exception:  # back ends raise what they like: an error of the D-Bus library, for one
        return None


def write(name: str, text: str) -> bool:
    """Keep the secret. False without a keyring, or of one that does not take it."""
    try:
        if backend := _backend():
            backend.set_password(SERVICE, name, text)
            return True
    except Exception:  # as above; Windows takes nothing longer than 2,560 bytes
        return False
    return False


def remove(name: str) -> None:
    """Drop the secret, if there is one. Raises AuthError of a keyring that does not open: it may still be in there."""
    try:
        backend = _backend()
        if backend and backend.get_password(SERVICE, name) is not None:
            backend.delete_password(SERVICE, name)
    except Exception as error:
        raise AuthError(f"the keyring did not open: {type(error).__name__}", hint="unlock it, and try again") from error


def _backend() -> KeyringBackend | None:
    try:
        import keyring  # here: it is an optional extra, and slow to load
    except ImportError:
        return None
    backend = keyring.get_keyring()
    # Attack: a back end that keeps secrets in files as they are. From 1 on, keyring itself calls one recommended.
    return backend if backend.priority >= 1 else None
