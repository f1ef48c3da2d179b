"""The system's keyring is used where there is a safe one that works, and is never in the way where there is none."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from auth import os_keyring
from auth.errors import AuthError


class Backend:
    """A back end as `keyring` has them, in memory; `broken` raises as a locked one does."""

    def __init__(self, priority: float = 5, broken: bool = False) -> None:
        self.priority, self.broken = priority, broken
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        self._open()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self._open()
        self.kept[service, name] = text

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]

    def _open(self) -> None:
        if self.broken:
            raise RuntimeError("secret-of-the-session is locked")


def use(monkeypatch: pytest.MonkeyPatch, backend: Backend | None) -> None:
    """Make this the keyring of the machine; None: the library is not installed."""
    module = ModuleType("keyring")
    module.get_keyring = lambda: backend  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module if backend else None)


def test_a_secret_is_kept_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend()
    use(monkeypatch, backend)
    assert os_keyring.read("a") is None
    assert os_keyring.write("a", "secret")
    assert backend.kept == {("gatehouse", "a"): "secret"}
    assert os_keyring.read("a") == "secret"
    os_keyring.remove("a")
    os_keyring.remove("a")
    assert backend.kept == {}


def test_without_the_library_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, None)
    assert (os_keyring.write("a", "secret"), os_keyring.read("a")) == (False, None)
    os_keyring.remove("a")


@pytest.mark.parametrize("priority", [0, 0.5, -1])
def test_a_keyring_that_is_none_is_not_used(monkeypatch: pytest.MonkeyPatch, priority: float) -> None:
    """Attack: a back end that keeps what it is given in a file, as it is, and says nothing of it."""
    backend = Backend(priority)
    use(monkeypatch, backend)
    assert (os_keyring.write("a", "secret"), backend.kept) == (False, {})


def test_a_locked_keyring_counts_as_none_but_forgets_nothing_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Backend(broken=True))
    assert (os_keyring.write("a", "secret"), os_keyring.read("a")) == (False, None)
    with pytest.raises(AuthError, match="did not open: RuntimeError") as caught:
        os_keyring.remove("a")
    assert "secret-of-the-session" not in str(caught.value)
