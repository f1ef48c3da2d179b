"""Expectations: what is not there is denied, exceptions count before rules, and a broken file says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.policy.prove.expectations import load, read
from localcloud.policy.prove.layout import ExpectationsError
from tests.localcloud.policy.prove.outcomes import LAYOUT, cell, expectations

READS = {"ada": {"own files": ["read"], "others' files": ["write"]}, "bob": "ada"}


def test_what_is_not_there_is_denied() -> None:
    assert not expectations().allows(cell("ada/s3:GetObject@direct/own files"))
    assert not expectations(allowed=READS).allows(cell("ada/s3:GetObject@direct/others' files"))


def test_rules_are_by_persona_place_and_kind() -> None:
    found = expectations(allowed=READS)
    assert found.allows(cell("ada/s3:GetObject@presigned/own files"))
    assert found.allows(cell("bob/s3:HeadObject@direct/own files"))
    assert not found.allows(cell("guest/s3:GetObject@direct/own files"))
    assert not found.allows(cell("ada/s3:PutObject@direct/own files"))


def test_a_call_with_two_ends_needs_both() -> None:
    found = expectations(allowed=READS)
    assert found.allows(cell("ada/s3:CopyObject@copy from own/others' files"))
    assert not found.allows(cell("ada/s3:CopyObject@copy to own/others' files"))


def test_the_first_exception_about_a_cell_counts() -> None:
    exceptions = [
        {"who": ["ada"], "calls": ["s3:Head*"], "expected": "denied"},
        {"calls": ["s3:HeadObject@*"], "where": ["own *"], "expected": "allowed"},
    ]
    found = expectations(allowed=READS, exceptions=exceptions)
    assert not found.allows(cell("ada/s3:HeadObject@direct/own files"))
    assert found.allows(cell("guest/s3:HeadObject@direct/own files"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"alowed": {}}, "the file: unknown 'alowed'"),
        ({"allowed": {"eve": {}}}, "allowed: unknown 'eve'"),
        ({"allowed": {"ada": {"attic": ["read"]}}}, "'ada': unknown 'attic'"),
        ({"allowed": {"ada": {"bucket": ["peek"]}}}, "must be a list of read"),
        ({"allowed": {"ada": "bob"}}, "'bob', who does not come before"),
        ({"exceptions": [{"expected": "maybe"}]}, "neither allowed nor denied"),
        ({"exceptions": [{"expected": "denied", "who": "ada"}]}, "'who' must be a list of names"),
        ({"exceptions": [{"expected": "denied", "whom": []}]}, "unknown 'whom'"),
    ],
)
def test_a_broken_file_says_where(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ExpectationsError, match=message):
        expectations(**more)


def test_a_file_that_is_not_there_or_no_json_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExpectationsError, match="cannot be read: No such file"):
        load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ExpectationsError, match="is not JSON"):
        load(tmp_path / "bad.json")


def test_a_file_without_a_layout_is_refused() -> None:
    with pytest.raises(ExpectationsError, match="'layout' must be an object"):
        read({})


def test_a_file_is_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "expectations.json"
    path.write_text(json.dumps({"layout": LAYOUT, "allowed": READS}))
    assert load(path).allowed["bob"]["own files"] == {"read"}
