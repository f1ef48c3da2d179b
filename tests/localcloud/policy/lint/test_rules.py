"""Each rule finds its trap in a bad copy of our template, on the right line and nothing else; in ours there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.policy.lint import check, parameters, read_template
from localcloud.policy.lint.catalogue import RULES
from tests.localcloud.policy.lint.bad_copies import BAD_COPIES, TEMPLATE, UNKNOWN, BadCopy

PARAMETERS = sorted((TEMPLATE.parent / "parameters").glob("*.json"))


def test_our_template_has_none() -> None:
    assert check(read_template(TEMPLATE), strict=True) == []


@pytest.mark.parametrize("path", PARAMETERS, ids=lambda path: path.stem)
def test_our_template_has_none_with_the_parameters_of_each_stage(path: Path) -> None:
    assert check(read_template(TEMPLATE, parameters.read(path)), strict=True) == []


@pytest.mark.parametrize("copy", BAD_COPIES, ids=lambda copy: f"{copy.rule}-{BAD_COPIES.index(copy)}")
def test_a_bad_copy_has_exactly_its_trap(copy: BadCopy, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(copy.text)
    found = check(read_template(path))
    assert [(one.rule, one.owner, one.place.line) for one in found] == [(copy.rule, *place) for place in copy.places]
    assert all(one.danger.endswith(".") and one.mend.endswith(".") for one in found)


def test_what_cannot_be_told_is_said_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(UNKNOWN.text)
    assert check(read_template(path)) == []
    found = check(read_template(path), strict=True)
    assert [(one.rule, one.owner, one.place.line) for one in found] == [(UNKNOWN.rule, *UNKNOWN.places[0])]


def test_every_rule_has_a_bad_copy() -> None:
    assert {copy.rule for copy in [*BAD_COPIES, UNKNOWN]} == set(RULES)


def test_a_rule_that_is_ignored_finds_nothing(tmp_path: Path) -> None:
    copy = BAD_COPIES[0]
    path = tmp_path / "bad.yaml"
    path.write_text(copy.text)
    assert check(read_template(path), ignore=[copy.rule]) == []
