"""The limits of what a session may be given: policies and tags in a token's room, and a lifetime."""

from __future__ import annotations

import json
import random
import string
from typing import Any

import pytest

from localcloud.access import credentials
from localcloud.access.credentials import RoleSession
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.sts import packed_size, session_policies, session_tags

NARROW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
MANAGED = "arn:aws:iam::000000000000:policy/managed"


@pytest.fixture
def ctx() -> Context:
    cloud = Cloud(Store(None, credentials.KINDS), Clock(), Sealer(b"for tests"))
    cloud.managed_policies = {MANAGED: NARROW}.get
    return Context(cloud)


def code_of(call: Any, *arguments: Any) -> str:
    with pytest.raises(AwsError) as caught:
        call(*arguments)
    return caught.value.code


def test_policies_of_a_session_are_read_in_one_group(ctx: Context) -> None:
    """Rule 37."""
    other = {"Version": "2012-10-17", "Statement": []}
    request = {"Policy": json.dumps(other), "PolicyArns": [{"arn": MANAGED}]}
    assert session_policies.read(ctx, request) == [other, NARROW]
    assert session_policies.read(ctx, {}) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no policy",
        "[]",
        '"text"',
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Version": "2008-10-17", "Statement": []}',
        json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*"}}),
        json.dumps({**NARROW, "Statement": [{**NARROW["Statement"][0], "Principal": "*"}]}),  # type: ignore[dict-item]
        "[" * 2000,
    ],
)
def test_a_policy_that_is_none(ctx: Context, text: str) -> None:
    assert code_of(session_policies.read, ctx, {"Policy": text}) == "MalformedPolicyDocument"


def test_a_managed_policy_that_is_not_there(ctx: Context) -> None:
    """Attack: a session that is narrowed by nothing, because what should narrow it was never found."""
    assert code_of(session_policies.read, ctx, {"PolicyArns": [{"arn": f"{MANAGED}x"}]}) == "ValidationError"
    assert code_of(session_policies.read, ctx, {"PolicyArns": [{}]}) == "ValidationError"


def test_how_much_may_be_asked(ctx: Context) -> None:
    padding = " " * (session_policies.MAX_TEXT - len(json.dumps(NARROW)))
    assert session_policies.read(ctx, {"Policy": json.dumps(NARROW) + padding})
    too_long = {"Policy": json.dumps(NARROW) + padding, "PolicyArns": [{"arn": MANAGED}]}
    assert code_of(session_policies.read, ctx, too_long) == "PackedPolicyTooLarge"
    assert len(session_policies.read(ctx, {"PolicyArns": [{"arn": MANAGED}] * 10})) == 10
    assert code_of(session_policies.read, ctx, {"PolicyArns": [{"arn": MANAGED}] * 11}) == "ValidationError"


def test_the_packed_size_grows_with_what_is_packed() -> None:
    dice = random.Random(7)
    tags = {f"key-{number}": "".join(dice.choices(string.ascii_letters, k=100)) for number in range(30)}
    few, many = (packed_size.percentage("", dict(list(tags.items())[:count])) for count in (1, 20))
    assert few is not None
    assert many is not None
    assert 0 < few < many <= 100
    assert packed_size.percentage("", {}) is None
    assert packed_size.percentage(json.dumps(NARROW), {}) is not None
    full = {key: value * 2 for key, value in tags.items()} | {f"x{key}": value[::-1] for key, value in tags.items()}
    assert code_of(packed_size.percentage, "", full) == "PackedPolicyTooLarge"


@pytest.mark.parametrize(
    "tags",
    [
        [(f"key-{number}", "") for number in range(51)],
        [("", "a")],
        [("a" * 129, "a")],
        [("a", "a" * 257)],
        [("aws:a", "b")],
        [("AWS:a", "b")],
        [("a", "1"), ("A", "2")],
        [("a", "\n")],
    ],
)
def test_tags_that_are_none(tags: list[tuple[str, str]]) -> None:
    assert code_of(session_tags.read, tags, (), None) == "InvalidParameterValue"


def test_tags_and_those_that_are_inherited() -> None:
    """Attack: another spelling of a key, by which a tag stays behind or is replaced."""
    tags = session_tags.read([("Team", "red"), ("é:/x", "ü=1 +@")], ["TEAM", "team"], None)
    assert (tags.values, tags.transitive) == ({"Team": "red", "é:/x": "ü=1 +@"}, ("Team",))
    assert code_of(session_tags.read, [("a", "1")], ["b"], None) == "InvalidParameterValue"
    caller = RoleSession(0, "", "", "", "arn:aws:iam::0:role/r", "", "", {"aws:PrincipalTag/Team": "red"}, [], ["Team"])
    chained = session_tags.read([("b", "1")], ["b"], caller)
    assert (chained.values, chained.transitive) == ({"Team": "red", "b": "1"}, ("Team", "b"))
    assert code_of(session_tags.read, [("TEAM", "blue")], (), caller) == "InvalidParameterValue"
