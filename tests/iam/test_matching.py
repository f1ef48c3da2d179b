"""Shows how actions and resources are matched (rules 1-9), and that no pattern can keep the matcher busy."""

from __future__ import annotations

import time
from typing import Any

import pytest

from localcloud.iam import Policies, PolicyError, compile_policy, decide
from localcloud.iam.match import Pattern
from tests.iam.scenario import allow, deny, judge, matches, only, policy, request

TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/notes"


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:GetObject", "S3:GETOBJECT", True),
        ("s3:GetObject", "s3:GetObjectAcl", False),
        ("s3:Get*", "s3:GetObjectAcl", True),
        ("s3:*Object", "s3:PutObject", True),
        ("s3:*Object", "s3:PutObjectAcl", False),
        ("s3:?etObject", "s3:GetObject", True),
        ("s3:?etObject", "s3:etObject", False),
        ("s3:GetObject?", "s3:GetObject", False),
        ("s3:*", "s3:GetObject", True),
        ("s3:*", "s3express:GetObject", False),
        ("*", "dynamodb:GetItem", True),
        (["dynamodb:*", "s3:GetObject"], "s3:GetObject", True),
        ("dynamodb:GetItem", "s3:GetItem", False),
    ],
)
def test_rule_1_actions_match_without_case_and_with_wildcards(pattern: Any, action: str, expected: bool) -> None:
    assert matches(allow(pattern), action=action) is expected


@pytest.mark.parametrize("pattern", ["s*:GetObject", "?3:GetObject", "*:GetObject", "s3*:*"])
def test_rule_2_a_wildcard_in_the_service_matches_nothing(pattern: str) -> None:
    assert not matches(allow(pattern))


@pytest.mark.parametrize("statement", [deny("s*:Get*"), only("Allow", NotAction=["s*:Get*"], Resource="*")])
def test_rule_2_a_statement_that_would_protect_nothing_is_refused(statement: Any) -> None:
    with pytest.raises(PolicyError, match="wildcard in its service"):
        policy(statement)


@pytest.mark.parametrize("pattern", ["s3:Get.bject", "s3:Get[O]bject", "s3:(GetObject)", "s3:GetObject ", "s3:"])
def test_rule_2_everything_else_in_an_action_is_plain_text(pattern: str) -> None:
    assert not matches(allow(pattern))


def test_rule_3_not_action_applies_where_no_pattern_matches() -> None:
    statement = only("Allow", NotAction=["iam:*", "s3:Delete*"], Resource="*")
    assert matches(statement)
    assert not matches(statement, action="s3:DeleteObject")
    assert not matches(statement, action="iam:GetUser")


def test_rule_3_not_resource_applies_where_no_pattern_matches() -> None:
    statement = only("Allow", Action="s3:*", NotResource=["arn:aws:s3:::secrets", "arn:aws:s3:::secrets/*"])
    assert matches(statement)
    assert not matches(statement, resource="arn:aws:s3:::secrets/key")


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("arn:aws:s3:::photos/*", "arn:aws:s3:::photos/a/b:c", True),
        ("arn:aws:s3:::photos/a?c", "arn:aws:s3:::photos/a/c", True),
        ("arn:aws:s3:::*/cat.jpg", "arn:aws:s3:::photos/x/cat.jpg", True),
        ("arn:aws:s3:*:*:photos/*", "arn:aws:s3:::photos/a", True),
        ("arn:*:s3:::photos/*", "arn:aws-cn:s3:::photos/a", True),
        ("arn:aws:*:::photos/*", "arn:aws:s3:::photos/a", True),
        ("arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", True),
        ("arn:aws:sqs:us-*-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", True),
        # A star before the fifth colon does not run across a colon.
        ("arn:aws:sqs:*:q", "arn:aws:sqs:us-east-1:111122223333:q", None),
        ("arn:aws:sqs:*:*:q", "arn:aws:sqs:us-east-1:111122223333:x:q", False),
        ("arn:aws:sns:*:*:t:*", "arn:aws:sns:us-east-1:111122223333:t:9f", True),
        ("arn:aws:s3:::photos/**", "arn:aws:s3:::photos/", True),
        ("arn:aws:s3:::photos/?*", "arn:aws:s3:::photos/", False),
        ("arn:aws:s3:::photos/ab*ba", "arn:aws:s3:::photos/aba", False),
        ("arn:aws:s3:::photos/a*b?d*e", "arn:aws:s3:::photos/a-bbcd-bxd-e", True),
        ("arn:aws:s3:::photos/a*b?d*e", "arn:aws:s3:::photos/a-bd-e", False),
    ],
)
def test_rule_4_each_part_of_an_arn_matches_on_its_own(pattern: str, resource: str, expected: bool | None) -> None:
    if expected is None:
        with pytest.raises(PolicyError, match="neither an ARN nor"):
            matches(allow(resource=pattern), resource=resource)
    else:
        assert matches(allow("*", pattern), resource=resource) is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("arn:aws:s3:::photos/Cat", "arn:aws:s3:::photos/cat", False),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/Notes", TABLE, False),
        ("arn:AWS:S3:::photos/cat", "arn:aws:s3:::photos/cat", True),
        ("arn:aws:dynamodb:US-EAST-1:111122223333:table/notes", TABLE, True),
        ("arn:aws:dynamodb:US-*:111122223333:table/notes", TABLE, True),
    ],
)
def test_rule_5_resource_ids_have_case_and_what_stands_before_has_not(
    pattern: str, resource: str, expected: bool
) -> None:
    assert matches(allow("*", pattern), resource=resource) is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", "arn:aws:s3:::photos", True),
        ("*", "*", True),
        ("arn:aws:s3:::photos", "arn:aws:s3:::photos/cat", False),
        ("arn:aws:s3:::photos/*", "arn:aws:s3:::photos", False),
        ("arn:aws:s3:::photos*", "arn:aws:s3:::photos-of-others/cat", True),
        ("arn:aws:s3:::*", "*", False),
    ],
)
def test_rule_6_a_bucket_is_not_its_objects(pattern: str, resource: str, expected: bool) -> None:
    assert matches(allow("*", pattern), resource=resource) is expected


@pytest.mark.parametrize("resource", ["tab*/notes", "*/notes", "t?ble/notes", "table*"])
def test_rule_7_a_wildcard_in_the_type_word_is_disputed_so_it_never_allows(resource: str) -> None:
    arn = f"arn:aws:dynamodb:us-east-1:111122223333:{resource}"
    assert not matches(allow("*", arn), "dynamodb:GetItem", TABLE)
    assert judge(request("dynamodb:GetItem", TABLE), policy(allow("*"), deny("*", arn))).outcome == "ExplicitDeny"
    assert not matches(only("Allow", Action="*", NotResource=arn), "dynamodb:GetItem", TABLE)
    everything_but = only("Deny", Action="*", NotResource=arn)
    assert judge(request("dynamodb:GetItem", TABLE), policy(allow("*"), everything_but)).outcome == "ExplicitDeny"


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("arn:aws:dynamodb:*:*:*", TABLE),
        ("arn:aws:execute-api:us-east-1:111122223333:*/prod/GET/me", "arn:aws:execute-api:us-east-1:111122223333:a1/prod/GET/me"),  # noqa: E501
        ("arn:aws:sqs:us-east-1:111122223333:jobs-*", "arn:aws:sqs:us-east-1:111122223333:jobs-1"),
        ("arn:aws:s3:::pho*/cat", "arn:aws:s3:::photos/cat"),
    ],
)  # fmt: skip
def test_rule_7_a_name_without_a_type_word_takes_wildcards(pattern: str, resource: str) -> None:
    assert matches(allow("*", pattern), resource=resource)


def test_rule_8_statement_and_its_elements_are_one_or_a_list() -> None:
    one = {"Version": "2012-10-17", "Statement": allow("s3:GetObject", "arn:aws:s3:::photos/*")}
    assert decide(request(), Policies((compile_policy(one),))).allowed
    assert matches(allow(["s3:GetObject"], ["arn:aws:s3:::photos/*"], Condition={"Null": {"x:y": ["true"]}}))


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        (only("Allow", Resource="*"), "Action"),
        (only("Allow", Action="*"), "Resource"),
        (only("Allow", Action="*", NotAction="*", Resource="*"), "Action"),
    ],
)
def test_rule_8_action_and_resource_are_needed(statement: Any, missing: str) -> None:
    with pytest.raises(PolicyError, match=f"needs one of {missing} and Not{missing}"):
        policy(statement)


def test_rule_9_statements_and_policies_are_alternatives() -> None:
    unrelated, wanted = allow("iam:*"), allow("s3:GetObject")
    assert judge(request(), policy(unrelated, wanted)).allowed
    assert judge(request(), policy(unrelated), policy(wanted)).allowed
    assert not judge(request(), policy(unrelated)).allowed


def test_rule_9_within_a_statement_everything_must_match() -> None:
    condition = {"StringEquals": {"aws:userid": "x"}}
    statement = allow("s3:GetObject", "arn:aws:s3:::photos/*", Condition=condition)
    assert matches(statement, context={"aws:userid": "x"})
    assert not matches(statement, context={"aws:userid": "y"})
    assert not matches(statement, action="s3:PutObject", context={"aws:userid": "x"})
    assert not matches(statement, resource="arn:aws:s3:::other/cat", context={"aws:userid": "x"})


@pytest.mark.parametrize(
    "pattern", ["*a" * 40 + "b", "a*" * 500 + "b", "*?a?*" * 100 + "!", "?*" * 50 + "b", "*" * 999]
)
def test_many_stars_on_a_long_value_take_no_time(pattern: str) -> None:
    """The attack: a backtracking matcher needs longer than the age of the universe for these."""
    began = time.process_time()
    assert Pattern.compile(pattern).matches("a" * 20_000) is (set(pattern) == {"*"})
    assert time.process_time() - began < 2
