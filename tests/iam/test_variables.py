"""Shows where policy variables count, what they become, and that a value stays a value (rules 23-30)."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam import PolicyError
from tests.iam.scenario import ROLE, ROOT, USER, allow, deny, holds, judge, matches, only, policy, request

OWN = "arn:aws:s3:::photos/private/${cognito-identity.amazonaws.com:sub}/*"
SUB = "cognito-identity.amazonaws.com:sub"


def test_rule_23_an_unresolvable_variable_matches_no_resource() -> None:
    assert matches(allow(resource=OWN), context={SUB: "me"})
    assert not matches(allow(resource=OWN))
    assert not matches(allow(resource=OWN), context={SUB: ["me"]})
    assert matches(allow(resource=[OWN, "arn:aws:s3:::photos/*"]))


def test_rule_23_as_not_resource_it_excludes_nothing() -> None:
    assert matches(only("Allow", Action="*", NotResource=OWN))
    assert not matches(only("Allow", Action="*", NotResource=OWN), context={SUB: "me"})


def test_rule_23_in_a_condition_it_matches_nothing_so_negated_operators_hold() -> None:
    for operator in ("StringEquals", "StringLike", "StringEqualsIgnoreCase"):
        assert not holds({operator: {"a:x": "${a:y}"}}, {"a:x": "1"})
        assert not holds({operator: {"a:x": "${a:y}"}}, {"a:x": ""})
    for operator in ("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase"):
        assert holds({operator: {"a:x": "${a:y}"}}, {"a:x": "1"})
        assert not holds({operator: {"a:x": ["${a:y}", "1"]}}, {"a:x": "1"})


@pytest.mark.parametrize("version", [None, "2008-10-17"])
def test_rule_24_older_versions_know_no_variables(version: str | None) -> None:
    assert not matches(allow(resource=OWN), context={SUB: "me"}, version=version)
    literal = "arn:aws:s3:::photos/private/${cognito-identity.amazonaws.com:sub}/x"
    assert matches(allow(resource=OWN), resource=literal, context={SUB: "me"}, version=version)
    own = {"StringEquals": {"a:x": "${a:y}"}}
    assert not matches(allow(Condition=own), context={"a:x": "1", "a:y": "1"}, version=version)
    assert matches(allow(Condition=own), context={"a:x": "${a:y}"}, version=version)


def test_rule_24_a_deny_in_an_old_policy_silently_denies_nothing_and_versions_are_per_policy() -> None:
    asked = request(context={SUB: "me"})
    assert judge(asked, policy(allow()), policy(deny(resource=OWN), version=None)).allowed
    assert judge(asked, policy(allow(), version=None), policy(deny(resource=OWN))).outcome == "ExplicitDeny"


def test_rule_25_a_variable_counts_only_after_the_fifth_colon() -> None:
    queue = "arn:aws:sqs:us-east-1:111122223333:jobs"
    context = {"aws:RequestedRegion": "us-east-1", "me": "111122223333"}
    assert not matches(
        allow("*", "arn:aws:sqs:${aws:RequestedRegion}:111122223333:jobs"), resource=queue, context=context
    )
    assert not matches(allow("*", "arn:aws:sqs:us-east-1:${me}:jobs"), resource=queue, context=context)


def test_rule_26_names_have_no_case_and_any_single_valued_key_will_do() -> None:
    pattern = "arn:aws:s3:::photos/${AWS:principalTag/Team}/*"
    assert matches(
        allow(resource=pattern), resource="arn:aws:s3:::photos/blue/1", context={"aws:PrincipalTag/team": "blue"}
    )
    assert holds({"StringEquals": {"a:x": "${s3:prefix}"}}, {"a:x": "1", "s3:prefix": "1"})


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("${a:y, 'guest'}", {"a:x": "guest"}, True),
        ("${a:y, 'guest'}", {"a:x": "guest", "a:y": "ada"}, False),
        ("${a:y, 'guest'}", {"a:x": "ada", "a:y": "ada"}, True),
        ("${a:y, 'guest'}", {"a:x": "guest", "a:y": ["ada"]}, False),
        ("${a:y, 'guest'}", {"a:x": "guest", "a:y": ""}, False),
        ("${a:y, ''}", {"a:x": ""}, True),
        ("<${a:y, 'two words'}>", {"a:x": "<two words>"}, True),
        ("${a:y,'guest'}", {"a:x": "guest"}, False),
        ("${a:y,  'guest'}", {"a:x": "guest"}, False),
        ("${a:y, 'guest}", {"a:x": "guest"}, False),
    ],
)
def test_rule_27_a_default_is_used_only_when_the_key_is_absent(text: str, context: Any, expected: bool) -> None:
    assert holds({"StringEquals": {"a:x": text}}, context) is expected


@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        ("${*}", "*", True),
        ("${*}", "anything", False),
        ("a${?}", "a?", True),
        ("a${?}", "ab", False),
        ("${$}{a:y}", "${a:y}", True),
        ("${*}*", "*anything", True),
        ("${*}*", "anything", False),
    ],
)
def test_rule_28_star_question_mark_and_dollar_can_be_written_literally(text: str, seen: str, expected: bool) -> None:
    assert holds({"StringLike": {"a:x": text}}, {"a:x": seen, "a:y": "1"}) is expected
    pattern = allow(resource=f"arn:aws:s3:::photos/{text}")
    assert matches(pattern, resource=f"arn:aws:s3:::photos/{seen}", context={"a:y": "1"}) is expected


@pytest.mark.parametrize("value", ["*", "?????", "${*}", "${aws:userid}", "*/../*", "a*"])
def test_rule_29_a_value_is_never_a_wildcard_or_a_variable(value: str) -> None:
    """The attack: a user whose tag or id reads `*` would own everybody's prefix."""
    context = {SUB: value, "aws:userid": "you", "a:x": "other"}
    assert not matches(allow(resource=OWN), resource="arn:aws:s3:::photos/private/other/cat", context=context)
    assert not holds({"StringLike": {"a:x": "${" + SUB + "}"}}, context)
    own = f"arn:aws:s3:::photos/private/{value}/cat"
    assert matches(allow(resource=OWN), resource=own, context=context)


def test_rule_29_colons_in_a_value_do_not_move_the_parts_of_an_arn() -> None:
    """The attack: a tag `111122223333:news` would slip a foreign topic past the account part."""
    block = {"ArnLike": {"a:arn": "arn:aws:sns:*:${a:tag}:mine"}}
    assert not holds(block, {"a:arn": "arn:aws:sns:us-east-1:111122223333:news:mine", "a:tag": "111122223333:news"})
    assert holds(block, {"a:arn": "arn:aws:sns:us-east-1:111122223333:mine", "a:tag": "111122223333"})


def test_rule_29_a_variable_alone_may_hold_a_whole_arn() -> None:
    assert holds({"ArnEquals": {"a:arn": "${aws:PrincipalArn}"}}, {"a:arn": ROLE})
    assert not holds({"ArnEquals": {"a:arn": "${a:y}"}}, {"a:arn": ROLE, "a:y": "arn:aws:*:*:*:*"})


@pytest.mark.parametrize(("who", "expected"), [(USER, True), (ROLE, False), (ROOT, False)])
def test_rule_30_only_users_have_a_username(who: str, expected: bool) -> None:
    own = policy(allow(resource="arn:aws:s3:::photos/${aws:username}/*"))
    asked = request(resource="arn:aws:s3:::photos/ada/1", who=who)
    assert judge(asked, own).allowed is expected


@pytest.mark.parametrize("text", ["${aws:userid", "a${", "${a${aws:userid}"])
def test_a_variable_that_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(PolicyError, match="does not close it"):
        policy(allow(resource=f"arn:aws:s3:::photos/{text}"))
    with pytest.raises(PolicyError, match="does not close it"):
        policy(allow(Condition={"StringEquals": {"a:x": text}}))


def test_the_explanation_names_the_variable_without_value() -> None:
    reason = judge(request(), policy(allow(resource=OWN))).reasons[0]
    assert reason.why.endswith("(no single value for ${cognito-identity.amazonaws.com:sub})")
