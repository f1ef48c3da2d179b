"""The page: names from a template cannot do anything in it, and it says without colour who reaches what."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from localcloud.policy.prove.cells import cells
from localcloud.policy.prove.comparison import compare, not_covered
from localcloud.policy.prove.expectations import Expectations, read
from localcloud.policy.prove.html_report import page
from localcloud.policy.prove.outcomes import Outcome
from localcloud.policy.prove.pools import Person
from localcloud.policy.prove.run import Proof
from tests.localcloud.policy.prove.outcomes import decided

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"


def proof(expectations: Expectations) -> Proof:
    found = cells(expectations.layout, "*Object@direct/*")
    outcomes = [decided(each, each.call.kind == "read", f"{HOSTILE}/{HOSTILE}") for each in found]
    outcomes.append(Outcome(found[0], None, HOSTILE))
    people = {
        name: Person(None, refusal=HOSTILE, attempts=((HOSTILE, HOSTILE),)) for name in expectations.layout.personas
    }
    missing = {**not_covered(outcomes), HOSTILE: HOSTILE}
    comparison = compare(expectations, outcomes, missing, people, complete=True)
    return Proof(expectations, outcomes, missing, people, comparison, 1.0)


@pytest.fixture(scope="module")
def hostile() -> str:
    layout = {
        "personas": {HOSTILE: {"kind": "user", "groups": [HOSTILE]}},
        "places": {HOSTILE: {"bucket": HOSTILE, "key": HOSTILE}},
    }
    return page(proof(read({"layout": layout, "allowed": {HOSTILE: {HOSTILE: ["write"]}}})), HOSTILE)


class Tags(HTMLParser):
    """The tags of a page, and the attributes that they have."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_names_stay_text(hostile: str) -> None:
    found = Tags(hostile)
    assert not found.tags & {"script", "img", "iframe", "object", "link", "base", "form"}
    assert not [name for name in found.attributes if name.startswith("on") or name in ("src", "style")]
    assert "<script>alert" not in hostile


def test_nothing_comes_from_elsewhere(hostile: str) -> None:
    assert "default-src 'none'" in hostile
    assert not re.search(r"https?://|url\(|@import", hostile)


def test_it_says_without_colour_who_reaches_what() -> None:
    layout = {"personas": {"ada": {"kind": "user"}}, "places": {"own files": {"bucket": "B", "key": "{self}/"}}}
    text = page(proof(read({"layout": layout})), "the template")
    assert '<b class="all" title="read: all">R</b>' in text
    assert '<b class="none" title="write: none">&ndash;</b>' in text
    assert "! differs from what is expected" in text


def test_every_picture_leads_to_its_calls() -> None:
    layout = {"personas": {"ada": {"kind": "user"}}, "places": {"own files": {"bucket": "B", "key": "{self}/"}}}
    text = page(proof(read({"layout": layout})), "the template")
    assert set(re.findall(r'href="#(\w+)"', text)) == set(re.findall(r'<table class="calls" id="(\w+)"', text))
