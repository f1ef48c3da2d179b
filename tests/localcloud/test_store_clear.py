"""Forgetting everything: in a new file, which takes the old one's place whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from localcloud import state_file
from localcloud.context import Setting
from localcloud.store import Store
from localcloud.userpool.models import Alias

KINDS = (Alias, Setting)
KEY = Setting("sealing_key", "secret")


def fill(store: Store) -> None:
    store.put(KEY)
    store.insert_all(Alias, (Alias("pool", "email", f"u{n}@example.com", "sub") for n in range(5_000)))


@pytest.mark.parametrize("on_disk", [True, False])
def test_what_is_kept_is_there_and_nothing_else(tmp_path: Path, on_disk: bool) -> None:
    store = Store(tmp_path if on_disk else None, KINDS)
    fill(store)
    store.clear(keep=(Setting,))
    assert (store.find(Setting), store.find(Alias)) == ([KEY], [])
    fill(store)
    store.clear()
    assert (store.find(Setting), store.count(Alias)) == ([], 0)
    store.close()


def test_the_disk_is_given_back_and_the_file_is_still_the_owner_s_own(tmp_path: Path) -> None:
    """Attack: another user of this machine who reads verifiers and keys out of the database."""
    store = Store(tmp_path, KINDS)
    fill(store)
    store.clear(keep=(Setting,))
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "state.sqlite"]
    file = tmp_path / "state.sqlite"
    assert file.stat().st_size < 50_000
    assert file.stat().st_mode & 0o777 == 0o600
    again = Store(tmp_path, KINDS)
    assert (again.find(Setting), again.find(Alias)) == ([KEY], [])
    again.close()


def test_a_kill_before_the_end_leaves_what_there_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path, new: Path) -> None:
        raise KeyboardInterrupt

    store = Store(tmp_path, KINDS)
    fill(store)
    with monkeypatch.context() as patched:
        patched.setattr(state_file, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store.clear(keep=(Setting,))
    store.close()
    again = Store(tmp_path, KINDS)
    assert (again.count(Alias), again.find(Setting)) == (5_000, [KEY])
    again.clear(keep=(Setting,))
    assert (again.count(Alias), again.find(Setting)) == (0, [KEY])
    again.close()


def test_whoever_reads_and_writes_meanwhile_is_before_it_or_behind_it(tmp_path: Path) -> None:
    store = Store(tmp_path, KINDS)
    seen: list[int] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        number = 0
        try:
            while not done.is_set():
                number += 1
                store.put(Setting("number", str(number)))
                seen.append(store.count(Alias))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(5):
        fill(store)
        store.clear(keep=())
    done.set()
    thread.join()
    assert not failed
    assert set(seen) <= {0, 5_000}
    store.close()
