"""Any difference counts: a cell, an open way to keys, a call that is not covered, an excuse without need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from localcloud.policy.prove.comparison import Comparison, compare, in_short, not_covered
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.pools import Person
from tests.localcloud.policy.prove.outcomes import cell, decided, expectations

READ = cell("ada/s3:GetObject@direct/own files")
OWN: dict[str, Any] = {"allowed": {"ada": {"own files": ["read"]}}}


def compared(outcomes: Sequence[Outcome], *, complete: bool = True, **more: Any) -> Comparison:
    people = {"ada": Person(None)}
    return compare(expectations(**more), outcomes, not_covered(outcomes), people, complete=complete)


def undecided(id_: str) -> Outcome:
    return Outcome(cell(id_), None, "nobody knows", 403, "AccessDenied")


def test_nothing_differs_where_all_is_as_expected() -> None:
    assert compared([decided(READ, True)], **OWN).count == 0


def test_what_opens_or_closes_is_named() -> None:
    assert [outcome.cell for outcome in compared([decided(READ, True)]).opened] == [READ]
    assert [outcome.cell for outcome in compared([decided(READ, False)], **OWN).closed] == [READ]


def test_what_is_served_without_leave_differs_even_where_it_is_expected() -> None:
    broken = replace(decided(READ, True), is_broken=True)
    assert len(compared([broken], **OWN).opened) == 1


def test_an_open_way_to_keys_differs() -> None:
    people = {"ada": Person(None, attempts=(("by the window", ""), ("by the door", "NotAuthorized: no")))}
    found = compare(expectations(), [], {}, people, complete=True)
    assert (found.entries, found.count) == ([("ada", "by the window")], 1)


def test_what_is_not_covered_must_be_excused() -> None:
    outcomes = [undecided("ada/s3:GetObjectTorrent@direct/own files")]
    assert compared(outcomes).uncovered == {"s3:GetObjectTorrent@direct": "nobody knows"}
    for excuse in ("s3:GetObjectTorrent", "s3:GetObjectTorrent@direct"):
        assert compared(outcomes, not_covered={"so it is": [excuse]}).count == 0


def test_an_excuse_without_need_differs_where_everything_was_tried() -> None:
    excuse: dict[str, Any] = {"not_covered": {"so it was": ["s3:GetObject"]}}
    assert compared([decided(READ, True)], **OWN, **excuse).stale == ["s3:GetObject"]
    assert compared([decided(READ, True)], **OWN, **excuse, complete=False).stale == []


def test_what_is_covered_for_some_is_named_for_the_others() -> None:
    outcomes = [decided(READ, True), undecided("bob/s3:GetObject@direct/own files")]
    assert not_covered(outcomes) == {"s3:GetObject@direct by bob": "nobody knows"}


def test_an_operation_that_is_not_covered_at_all_is_named_in_a_word() -> None:
    outcomes = [
        undecided("ada/s3:GetObjectTorrent@direct/own files"),
        undecided("ada/s3:GetObjectTorrent@presigned/own files"),
        undecided("ada/s3:GetObject@version/own files"),
        decided(READ, True),
    ]
    assert in_short(not_covered(outcomes), outcomes).keys() == {"s3:GetObjectTorrent", "s3:GetObject@version"}
