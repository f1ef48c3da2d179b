"""Outcomes: what the cloud decided counts, and an answer that does not go with it is no success."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.policy.prove.outcomes import judge
from localcloud.policy.prove.wire import Answer
from tests.localcloud.policy.prove.outcomes import cell

GET = cell("ada/s3:GetObject@direct/own files")
ALLOW = {"policy": "own-data", "statement": "OwnFiles", "effect": "Allow", "matched": True, "why": ""}
OTHER = {"policy": "own-data", "statement": "Shared", "effect": "Allow", "matched": False, "why": "another resource"}
DENY = {"policy": "arn:aws:iam::1:policy/Stop", "statement": "#1", "effect": "Deny", "matched": True, "why": ""}
NOTHING = {"policy": "identity-based policy", "statement": "", "effect": "", "matched": False, "why": "because no …"}


def answer(status: int, code: str = "", body: bytes = b"") -> Answer:
    return Answer(status, code, "", "r1", body)


def decision(*checks: tuple[str, list[dict[str, Any]]], part: str = "") -> dict[str, Any]:
    entries = [
        {"action": "s3:GetObject", "resource": "arn", "part": part, "outcome": outcome, "reasons": reasons}
        for outcome, reasons in checks
    ]
    return {"r1": {"checks": entries}}


def test_allowed_names_the_statements_that_allow_it() -> None:
    found = judge(GET, answer(200), "", decision(("Allowed", [OTHER, ALLOW])))
    assert (found.allowed, found.why, found.is_broken) == (True, "own-data/OwnFiles", False)


def test_an_error_after_the_decision_is_still_allowed() -> None:
    found = judge(GET, answer(404, "NoSuchKey"), "", decision(("Allowed", [ALLOW])))
    assert (found.allowed, found.code) == (True, "NoSuchKey")


def test_denied_names_the_layer_that_allows_nothing() -> None:
    found = judge(GET, answer(403, "AccessDenied"), "", decision(("ImplicitDeny", [OTHER, NOTHING])))
    assert (found.allowed, found.why) == (False, "no identity-based policy allows s3:GetObject")


def test_denied_names_the_statement_that_denies() -> None:
    found = judge(GET, answer(403, "AccessDenied"), "", decision(("ExplicitDeny", [ALLOW, DENY])))
    assert (found.allowed, found.why) == (False, "denies it: Stop/#1")


def test_all_checks_must_be_allowed() -> None:
    checks = decision(("Allowed", [ALLOW]), ("ImplicitDeny", [NOTHING]))
    assert judge(GET, answer(403, "AccessDenied"), "", checks).allowed is False


def test_served_although_denied_is_broken() -> None:
    """Attack: a decision that nobody obeys."""
    found = judge(GET, answer(200), "", decision(("ImplicitDeny", [NOTHING])))
    assert (found.allowed, found.is_broken) == (True, True)


def test_served_without_a_decision_is_broken() -> None:
    """Attack: a call that nobody decided on."""
    found = judge(GET, answer(200), "", {})
    assert (found.allowed, found.is_broken) == (True, True)


def test_of_a_call_in_parts_one_counts() -> None:
    delete = cell("ada/s3:DeleteObjects@direct/own files")
    refused = decision(("ImplicitDeny", [NOTHING]), part="key")
    inside = answer(200, body=b"<Error><Key>key</Key><Code>AccessDenied</Code></Error>")
    assert judge(delete, inside, "key", refused).allowed is False
    assert judge(delete, answer(200), "key", refused).is_broken


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answer(403, "AccessDenied"), "the local cloud does not map it"),
        (answer(400, "MalformedXML"), "refused before any decision: MalformedXML"),
        ("the call cannot be made: KeyError", "the call cannot be made: KeyError"),
    ],
)
def test_without_a_decision_nothing_is_covered(given: Answer | str, why: str) -> None:
    found = judge(GET, given, "", {})
    assert (found.allowed, found.why) == (None, why)


def test_who_is_not_let_in_is_denied() -> None:
    found = judge(GET, answer(400, "ExpiredToken"), "", {})
    assert (found.allowed, found.why) == (False, "not authenticated: ExpiredToken")
