"""What is kept of decisions: the last ones, in order, and never more than fits."""

from __future__ import annotations

import pytest

from localcloud.access import refusals
from localcloud.access.refusals import Decisions, Finding, find
from localcloud.errors import AwsError
from localcloud.iam import Policies, Principal, Request

REFUSED = AwsError("AccessDenied", "no", 403)


def finding(value: str = "") -> Finding:
    """A refusal of a request with a condition key of that value."""
    principal = Principal("AWS", "arn:aws:iam::000000000000:user/ada")
    return find(Request(principal, "dynamodb:GetItem", "*", context={"dynamodb:LeadingKeys": [value]}), Policies())


def keep(decisions: Decisions, request_id: str, *findings: Finding, error: AwsError | None = REFUSED) -> None:
    decisions.keep(request_id, 0.0, "dynamodb", "GetItem", findings, error)


@pytest.mark.parametrize("found", [[finding("x" * 100_000)], [finding()] * 50])
def test_large_refusals_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, found: list[Finding]
) -> None:
    """Attack: a thousand refusals of keys as long as a body may be, or of DeleteObjects with a thousand keys each."""
    monkeypatch.setitem(refusals.MOST_BYTES, False, 1_000_000)
    decisions = Decisions()
    for number in range(100):
        keep(decisions, str(number), *found)
    assert 1 <= len(decisions.after(0, 100)) <= 10
    assert decisions.find("99")
    assert decisions.find("0") is None


def test_what_was_let_in_and_then_refused_is_kept_once_and_last() -> None:
    """Whoever reads on from a number must not miss one."""
    decisions = Decisions(everything=True)
    for request_id in ("a", "b"):
        keep(decisions, request_id, finding(), error=None)
    keep(decisions, "a", finding())
    assert [decided.request_id for decided in decisions.after(0, 10)] == ["b", "a"]
    assert decisions.newest() == decisions.find("a")
