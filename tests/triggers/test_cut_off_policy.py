"""The cut-off policy holds everybody who was cut off, in the room that it has, and denies nobody too little."""

from __future__ import annotations

import json
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.iam.evaluator import Policies, decide
from localcloud.iam.policy import compile_policy
from localcloud.iam.request import Principal, Request
from triggers.cut_off_policy import ROOM, Denial, denial, document, everybody, size
from triggers.timestamps import render_epoch

NOW = 1_790_000_000
ADA, BOB = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
SESSION = "arn:aws:sts::000000000000:assumed-role/authenticated/CognitoIdentityCredentials"
ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def is_denied(policy: object, sub: str | None, issued: int) -> bool:
    """Whether our own evaluator lets the policy deny a session of that user and time."""
    context = {"aws:TokenIssueTime": render_epoch(issued)} | ({"aws:PrincipalTag/username": sub} if sub else {})
    request = Request(Principal("AWS", SESSION), "s3:GetObject", "arn:aws:s3:::b/k", context=context)
    policies = [compile_policy(it, "p", "identity") for it in (ALL, policy)]  # type: ignore[arg-type]
    return not decide(request, Policies(identity=policies)).allowed


def many(count: int, apart: int = 1) -> dict[str, int]:
    return {str(uuid.UUID(int=n)): NOW + n * apart for n in range(count)}


def test_what_was_issued_up_to_the_moment_is_denied_and_nothing_else() -> None:
    policy = document({ADA: NOW})
    assert is_denied(policy, ADA, NOW - 3600)
    assert not is_denied(policy, ADA, NOW + 1)
    assert not is_denied(policy, BOB, NOW - 3600)
    assert not is_denied(policy, None, NOW - 3600), "a guest's session has no tag"


def test_attack_keys_that_were_fetched_in_the_same_second() -> None:
    assert is_denied(document({ADA: NOW}), ADA, NOW)


def test_users_of_one_moment_share_a_statement() -> None:
    (statement,) = document({ADA: NOW, BOB: NOW})["Statement"]
    assert statement["Condition"]["StringEquals"] == {"aws:PrincipalTag/username": [ADA, BOB]}
    assert len(document({ADA: NOW, BOB: NOW - 1})["Statement"]) == 2


def test_what_does_not_fit_is_brought_together_where_it_is_nearest() -> None:
    cut_offs = {ADA: NOW, BOB: NOW + 10, str(uuid.UUID(int=3)): NOW + 3000}
    policy = document(cut_offs, room=size(document(cut_offs)) - 1)
    assert [denial(policy, sub) for sub in cut_offs] == [
        Denial(NOW + 10, False),
        Denial(NOW + 10, False),
        Denial(NOW + 3000, False),
    ]
    assert denial(policy, str(uuid.UUID(int=4))) is None


def test_too_many_for_one_policy_are_all_of_the_role() -> None:
    policy = document(many(1000))
    assert policy == everybody(NOW + 999)
    assert denial(policy, "anybody") == Denial(NOW + 999, True)
    assert is_denied(policy, None, NOW)


@pytest.mark.parametrize("count", [1, 40, 60, 200, 210, 5000])
def test_it_fits_whatever_comes(count: int) -> None:
    policy = document(many(count))
    assert len(json.dumps(policy, separators=(",", ":"))) == size(policy) <= ROOM


@settings(deadline=None)
@given(
    st.dictionaries(st.uuids().map(str), st.integers(NOW, NOW + 5000), min_size=1, max_size=40),
    st.integers(200, 3000),
)
def test_nobody_who_was_cut_off_is_denied_less_than_that(cut_offs: dict[str, int], room: int) -> None:
    policy = document(cut_offs, room)
    for sub, moment in cut_offs.items():
        found = denial(policy, sub)
        assert found is not None
        assert found.since >= moment
        assert is_denied(policy, sub, moment)
    assert size(policy) <= room or policy == everybody(max(cut_offs.values()))


def test_another_statement_of_somebody_denies_nothing_by_itself() -> None:
    assert denial({"Version": "2012-10-17", "Statement": []}, ADA) is None
    assert denial(document({BOB: NOW}), ADA) is None
