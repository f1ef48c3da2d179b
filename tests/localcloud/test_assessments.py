"""Risks that sign-ins are told to have: of a user, from an address, as often as was said."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.assessments import Assessments, read_assessment


def told(*asked: dict[str, Any]) -> Assessments:
    assessments = Assessments()
    for one in asked:
        assessments.put(read_assessment(one))
    return assessments


def test_the_oldest_that_is_about_a_sign_in_counts_as_often_as_was_said() -> None:
    risks = told({"username": "Ada", "level": "Low", "times": 2}, {"address": "192.0.2.7", "level": "High"})
    assert [risks.take({"ada"}, "192.0.2.7") for _ in range(4)] == ["Low", "Low", "High", ""]


def test_a_user_and_an_address_have_to_be_right_both() -> None:
    risks = told({"username": "ada", "address": "192.0.2.7", "level": "Medium"})
    assert risks.take({"bob"}, "192.0.2.7") == risks.take({"ada"}, "192.0.2.8") == ""
    assert risks.take({"ada", "her sub"}, "192.0.2.7") == "Medium"


def test_what_is_to_come_is_listed_and_taken_back() -> None:
    risks = told({"username": "ada", "level": "Low"})
    assert risks.listed() == [{"level": "Low", "username": "ada", "address": "", "times": 1}]
    risks.clear()
    assert risks.listed() == []


@pytest.mark.parametrize(
    "asked",
    [
        [],
        {},
        {"level": "High"},
        {"username": "ada"},
        {"username": "ada", "level": "high"},
        {"username": 7, "level": "High"},
        {"username": "ada", "level": "High", "times": 0},
        {"username": "ada", "level": "High", "times": True},
        {"address": "here", "level": "High"},
        {"username": "ada", "level": "High", "more": 1},
        {"username": "ada", "level": ["High"]},
    ],
)
def test_what_makes_no_sense_is_refused(asked: Any) -> None:
    with pytest.raises(ValueError, match=r"send|IPv4"):
        read_assessment(asked)
