"""An update writes what was seen: the new file is met by it, whatever it was, and keeps what a person wrote."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.policy.prove.cells import Cell
from localcloud.policy.prove.changes import changes
from localcloud.policy.prove.expectations import read
from localcloud.policy.prove.update import render, updated
from tests.localcloud.policy.prove.outcomes import cell, expectations, outcomes, planned

PLANNED = planned("*/*[!T]@[!P]*/*")


def owns(found: Cell) -> bool:
    return found.place.is_own and found.call.kind != "manage" and all("own" in place for place, _ in found.needs)


def test_plain_rules_need_no_exceptions() -> None:
    found = updated(expectations(), outcomes(PLANNED, owns), {})
    assert found.exceptions == []
    assert found.allowed["ada"]["own items"] == {"read", "list", "write", "delete"}
    assert found.allowed["guest"]["others' files"] == frozenset()


@settings(deadline=None, max_examples=15)
@given(st.sets(st.integers(0, len(PLANNED) - 1), max_size=40))
def test_whatever_was_seen_meets_the_update(odd: set[int]) -> None:
    seen = outcomes(PLANNED, owns)
    strange = {id(PLANNED[number]) for number in odd}
    seen = outcomes(PLANNED, lambda found: owns(found) != (id(found) in strange))
    written = read(json.loads(render(updated(expectations(), seen, {}))))
    assert [o.cell.id for o in seen if written.allows(o.cell) != o.allowed] == []


def test_calls_that_are_odd_alike_make_one_exception() -> None:
    seen = outcomes(PLANNED, lambda found: owns(found) and "batch" not in found.call.route)
    (exception,) = updated(expectations(), seen, {}).exceptions
    assert (exception.who, exception.where, exception.allowed) == (("ada", "bob", "guest"), ("own items",), False)
    assert len(exception.calls) == 3


def test_an_exception_that_holds_stays_with_its_reason_and_another_goes() -> None:
    held = {"calls": ["*@batch*"], "expected": "denied", "why": "batches are for the functions"}
    gone = {"calls": ["s3:PutObject@direct"], "where": ["own files"], "expected": "denied", "why": "read only"}
    seen = outcomes(PLANNED, lambda found: owns(found) and "batch" not in found.call.route)
    found = updated(expectations(exceptions=[held, gone]), seen, {})
    assert [exception.why for exception in found.exceptions] == ["batches are for the functions"]


def test_the_file_is_short_and_says_the_same() -> None:
    missing = {f"s3:GetObject@way {number}": "nobody knows" for number in range(30)}
    found = updated(expectations(), outcomes(PLANNED, owns), missing)
    text = render(found)
    assert max(map(len, text.splitlines())) <= 120
    document = json.loads(text)
    assert document["allowed"]["bob"] == "ada"
    again = read(document)
    assert (again.allowed, again.not_covered) == (found.allowed, found.not_covered)


def test_changes_are_told_in_words() -> None:
    before = expectations(allowed={"ada": {"own files": ["read"]}})
    after = expectations(
        allowed={"ada": {"own files": ["read", "write"]}},
        exceptions=[{"calls": ["s3:HeadObject@*"], "expected": "denied"}],
        not_covered={"why": ["s3:CreateSession"]},
    )
    assert list(changes(before, after)) == [
        "ada, own files: read -> read, write",
        "exception comes: * in *: s3:HeadObject@*: denied",
        "not covered comes: s3:CreateSession",
    ]


def test_cells_of_two_ends_follow_from_the_rules_of_both() -> None:
    found = updated(expectations(), outcomes(PLANNED, owns), {})
    assert not found.allows(cell("ada/s3:CopyObject@copy to own/others' files"))
