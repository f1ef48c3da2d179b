"""A kill between the two files of an object: the old one is there, or the new one, and never some of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.aws import objects

OLD = {"kept": "old", "kept.meta.json": '{"etag": "old"}'}
NEW = {"kept": "new", "kept.meta.json": '{"etag": "new"}'}


@pytest.mark.parametrize(
    ("cut_off", "found"),
    [
        ({**OLD, "kept.tmp": "ne"}, OLD),
        ({**OLD, "kept.tmp": "new"}, OLD),
        ({**OLD, "kept.tmp": "new", "kept.meta.json.tmp": '{"eta'}, OLD),
        ({**OLD, "kept.tmp": "new", "kept.meta.json.tmp": '{"etag": "new"}'}, OLD),
        ({**OLD, "kept": "new", "kept.meta.json.tmp": '{"etag": "new"}'}, NEW),
        (NEW, NEW),
        ({"kept": "new", "kept.meta.json.tmp": '{"etag": "new"}'}, NEW),
        ({"kept.tmp": "new", "kept.meta.json.tmp": '{"etag": "new"}'}, {}),
        ({**OLD, "kept.meta.json.tmp": '{"eta'}, OLD),
    ],
)
def test_what_a_kill_cut_off(tmp_path: Path, cut_off: dict[str, str], found: dict[str, str]) -> None:
    folder = tmp_path / "000000000000" / "bucket.tmp"
    folder.mkdir(parents=True)
    for name, text in cut_off.items():
        (folder / name).write_text(text)
    objects.recover(tmp_path)
    assert {path.name: path.read_text() for path in folder.iterdir()} == found
    objects.recover(tmp_path)
    assert {path.name: path.read_text() for path in folder.iterdir()} == found


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    objects.recover(tmp_path / "none")
