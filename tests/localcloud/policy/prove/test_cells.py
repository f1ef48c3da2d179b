"""Cells: who tries what where, as far as it has a meaning for them."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.policy.prove.cells import cells, personas_needed
from localcloud.policy.prove.layout import ExpectationsError, Layout, read_layout
from tests.localcloud.policy.prove.outcomes import LAYOUT, cell, planned

IDS = {"ada": {"self": "id-a", "self.sub": "sub-a"}, "merged": {"self": "id-m", "self.before": "id-old"}}


def layout(**places: Any) -> Layout:
    personas = {
        "ada": {"kind": "user"},
        "merged": {"kind": "merged"},
        "guest": {"kind": "guest"},
        "nobody": {"kind": "anonymous"},
    }
    return read_layout({"personas": personas, "places": places})


def who_tries(found: Layout) -> set[str]:
    return {cell.persona.name for cell in cells(found)}


def test_other_is_a_user_who_is_somebody_else() -> None:
    found = cell("ada/s3:GetObject@direct/others' files")
    assert personas_needed(read_layout(LAYOUT), [found])[1].name == "bob"
    found = cell("bob/s3:GetObject@direct/others' files")
    assert [persona.name for persona in personas_needed(read_layout(LAYOUT), [found])] == ["ada", "bob"]


def test_patterns_are_filled_in_by_persona() -> None:
    found = layout()
    merged = found.personas["merged"]
    assert found.resolve("private/{self}/{self.before}/{ada.sub}/", merged, IDS) == "private/id-m/id-old/sub-a/"


@pytest.mark.parametrize(
    ("pattern", "tries"),
    [
        ("public/", {"ada", "merged", "guest", "nobody"}),
        ("{self}/", {"ada", "merged", "guest"}),
        ("{self.sub}/", {"ada", "merged"}),
        ("{merged.before}/", {"ada", "merged", "guest", "nobody"}),
        ("{ada}/", {"merged", "guest", "nobody"}),
    ],
)
def test_a_place_that_means_nothing_to_somebody_is_not_tried(pattern: str, tries: set[str]) -> None:
    assert who_tries(layout(place={"bucket": "Bucket", "key": pattern})) == tries


def test_a_call_with_another_end_at_home_needs_a_home() -> None:
    own = {"bucket": "Bucket", "key": "private/{self}/"}
    ids = [found.id for found in cells(layout(public={"bucket": "Bucket", "key": "public/"}, own=own))]
    assert "ada/s3:CopyObject@copy to own/public" in ids
    assert "nobody/s3:CopyObject@copy to own/public" not in ids
    assert "ada/s3:CopyObject@copy to own/own" not in ids


def test_who_has_no_keys_signs_no_urls() -> None:
    found = cells(layout(public={"bucket": "Bucket", "key": "public/"}), "nobody/*")
    assert {each.call.transport for each in found} == {"signed"}


def test_what_could_break_the_stage_comes_last() -> None:
    turns = [found.turn for found in planned()]
    assert turns == sorted(turns)
    assert planned()[-1].call.operation.name.startswith("Delete")


def test_a_glob_picks_cells() -> None:
    assert {found.place.name for found in planned("ada/dynamodb:Get*/own*")} == {"own items"}


def test_indexes_are_tried_where_a_place_names_a_partition() -> None:
    items = {"table": "Table", "partition": "{self}", "indexes": {"by-day": "{self}"}}
    ids = [found.id for found in cells(layout(items=items, table={"table": "Table"}), "ada/*index*")]
    assert "ada/dynamodb:Query@index by-day/items" in ids
    assert "ada/dynamodb:Scan@index by-day/table" in ids


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"personas": {}, "places": {}, "people": {}}, "unknown 'people'"),
        ({"personas": {"ada": {"kind": "admin"}}, "places": {}}, "kind 'admin' is none of user"),
        ({"personas": {}, "places": {"x": {"bucket": "B", "partition": "p"}}}, "place 'x' must have"),
        ({"personas": {}, "places": {"x": {"bucket": "B", "key": "{ada}/"}}}, r"\{ada\} is nobody"),
        ({"personas": [], "places": {}}, "'personas' must be an object"),
        ({"personas": {}, "places": {}, "outputs": {"pool": "X"}}, "layout.outputs: unknown 'pool'"),
    ],
)
def test_a_layout_that_cannot_be_read_says_where(document: dict[str, Any], message: str) -> None:
    with pytest.raises(ExpectationsError, match=message):
        read_layout(document)
