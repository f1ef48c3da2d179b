"""Device records survive a run, belong to one owner, and can be read by nobody else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from auth.devices import Device, FileDeviceStore, new_device

DEVICE = Device("eu-west-1_key", "group", "secret")


def test_a_record_survives_and_belongs_to_one_owner(tmp_path: Path) -> None:
    FileDeviceStore(tmp_path / "new").save("pool/ada", DEVICE)
    store = FileDeviceStore(tmp_path / "new")
    assert store.load("pool/ada") == DEVICE
    assert store.load("pool/bob") is None
    store.forget("pool/ada")
    store.forget("pool/ada")
    assert store.load("pool/ada") is None


@pytest.mark.parametrize("owner", ["pool/../../etc/passwd", "pool/" + "é" * 128, "pool/\0"])
def test_an_owner_cannot_choose_the_path(tmp_path: Path, owner: str) -> None:
    """Attack: a username with `..` in it."""
    store = FileDeviceStore(tmp_path)
    store.save(owner, DEVICE)
    assert store.load(owner) == DEVICE
    assert [path.parent for path in tmp_path.rglob("*")] == [tmp_path]


def test_only_this_user_can_read_a_record(tmp_path: Path) -> None:
    """Attack: another user of the machine reads the device's password."""
    FileDeviceStore(tmp_path / "devices").save("pool/ada", DEVICE)
    assert stat.S_IMODE((tmp_path / "devices").stat().st_mode) == 0o700
    (record,) = (tmp_path / "devices").iterdir()
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "k"}', '{"key": "k", "more": 1}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, content: str) -> None:
    store = FileDeviceStore(tmp_path)
    store.save("pool/ada", DEVICE)
    (record,) = tmp_path.iterdir()
    record.write_text(content)
    assert store.load("pool/ada") is None


def test_a_new_device_has_a_password_of_its_own_that_does_not_show() -> None:
    first, config = new_device("key", "group")
    second, _ = new_device("key", "group")
    assert first.password != second.password
    assert first.password not in repr(first) + repr(config)
