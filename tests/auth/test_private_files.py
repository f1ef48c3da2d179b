"""Private files: nobody else can read or plant one, not even for a moment."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from auth import private_files
from auth.errors import AuthError

USES = (partial(private_files.read, "a"), partial(private_files.write, "a", "x"), partial(private_files.remove, "a"))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the files will be; it is not there yet, and the umask lets everything through."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "gatehouse"


@pytest.fixture(autouse=True)
def _careless_umask() -> Any:
    old = os.umask(0)
    yield
    os.umask(old)


def test_a_text_is_kept_replaced_and_removed(folder: Path) -> None:
    assert private_files.read("a") is None
    private_files.remove("a")
    assert private_files.write("a", "one") == folder / "a"
    private_files.write("a", "två")
    assert private_files.read("a") == "två"
    assert [path.name for path in folder.iterdir()] == ["a"]
    private_files.remove("a")
    private_files.remove("a")
    assert private_files.read("a") is None


def test_folder_and_file_are_the_owners_only(folder: Path) -> None:
    private_files.write("a", "secret")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600


def test_a_file_is_private_from_its_first_moment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: another user opens the file between its making and a chmod. Here none is made wider than 0600."""
    modes, own_open = [], os.open

    def watched(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        descriptor = own_open(path, flags, mode, **more)
        if flags & os.O_CREAT:
            modes.append((stat.S_IMODE(os.fstat(descriptor).st_mode), bool(flags & os.O_EXCL)))
        return descriptor

    monkeypatch.setattr(os, "open", watched)
    private_files.write("a", "secret")
    assert modes == [(0o600, True)]


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o750, 0o755, 0o777])
def test_a_folder_that_is_open_to_others_is_refused(folder: Path, mode: int) -> None:
    """Attack: a folder that was made in advance, for others to look into."""
    private_files.write("a", "secret")
    folder.chmod(mode)
    for use in (
        lambda: private_files.read("a"),
        lambda: private_files.write("a", "x"),
        lambda: private_files.remove("a"),
    ):
        with pytest.raises(AuthError, match="open to other users") as caught:
            use()
        assert caught.value.hint == f"chmod go= {folder}"


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o666])
def test_a_file_that_is_open_to_others_is_refused(folder: Path, mode: int) -> None:
    private_files.write("a", "secret")
    (folder / "a").chmod(mode)
    with pytest.raises(AuthError, match="open to other users"):
        private_files.read("a")
    private_files.write("a", "new")
    assert private_files.read("a") == "new", "a new file takes its place"


def test_what_belongs_to_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: another user made the folder, and owns what is in it."""
    private_files.write("a", "secret")
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    for use in USES:
        with pytest.raises(AuthError, match="belongs to somebody else"):
            use()


def test_a_link_in_place_of_the_file_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """Attack: the link's target would be read as tokens, or overwritten with them."""
    private_files.write("a", "secret")
    target = tmp_path / "target"
    target.write_text("theirs")
    target.chmod(0o600)
    (folder / "a").unlink()
    (folder / "a").symlink_to(target)
    with pytest.raises(AuthError, match="cannot be used"):
        private_files.read("a")
    private_files.write("a", "ours")
    assert (target.read_text(), (folder / "a").is_symlink(), private_files.read("a")) == ("theirs", False, "ours")


def test_a_link_in_place_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AuthError, match="cannot be used"):
        private_files.write("a", "secret")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_no_file_is_refused(folder: Path) -> None:
    private_files.write("b", "x")
    (folder / "a").mkdir(mode=0o700)
    with pytest.raises(AuthError, match="cannot be used"):
        private_files.read("a")


def test_a_relative_state_home_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The XDG specification says so; it would be another folder wherever one stands."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("state", ""):
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert private_files.folder() == tmp_path / ".local/state/gatehouse"
