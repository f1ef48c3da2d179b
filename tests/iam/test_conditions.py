"""Shows how condition blocks and operators work (rules 10-22)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from localcloud.iam import PolicyError
from localcloud.iam.operators import OPERATORS
from tests.iam.scenario import allow, deny, holds, judge, only, policy, request

ARN = "arn:aws:sns:us-east-1:111122223333:news"
NEGATED = [name for name in OPERATORS if OPERATORS[name].negated]
POSITIVE = [name for name in OPERATORS if not OPERATORS[name].negated]
# A value of the right type for each family of operators.
SAMPLE = {
    "string": "x",
    "arn": ARN,
    "numeric": "1",
    "date": "2026-01-01",
    "bool": "true",
    "binary": "eA==",
    "ip": "::1",
}


def sample(operator: str) -> str:
    return next(value for family, value in SAMPLE.items() if operator.removeprefix("not").startswith(family))


def test_rule_10_operators_and_keys_must_all_hold_and_one_value_is_enough() -> None:
    block = {"StringEquals": {"a:x": ["1", "2"], "a:y": "3"}, "Bool": {"a:z": "true"}}
    assert holds(block, {"a:x": "2", "a:y": "3", "a:z": "true"})
    assert not holds(block, {"a:x": "9", "a:y": "3", "a:z": "true"})
    assert not holds(block, {"a:x": "2", "a:y": "9", "a:z": "true"})
    assert not holds(block, {"a:x": "2", "a:y": "3", "a:z": "false"})


def test_rule_11_a_negated_operator_holds_when_no_value_matches() -> None:
    block = {"StringNotEquals": {"a:x": ["1", "2"]}}
    assert holds(block, {"a:x": "3"})
    assert not holds(block, {"a:x": "1"})
    assert not holds(block, {"a:x": "2"})


def test_rule_12_key_names_have_no_case_and_values_have() -> None:
    block = {"StringEquals": {"AWS:principaltag/TEAM": "Blue"}}
    assert holds(block, {"aws:PrincipalTag/team": "Blue"})
    assert not holds(block, {"aws:PrincipalTag/team": "blue"})


@pytest.mark.parametrize("operator", POSITIVE)
def test_rule_13_a_missing_key_fails_a_positive_operator(operator: str) -> None:
    assert not holds({operator: {"a:x": sample(operator)}}, {})


@pytest.mark.parametrize("operator", NEGATED)
def test_rule_13_a_missing_key_satisfies_a_negated_operator(operator: str) -> None:
    assert holds({operator: {"a:x": sample(operator)}}, {})


@pytest.mark.parametrize("operator", OPERATORS)
def test_rule_14_if_exists_is_true_of_a_missing_key_and_normal_otherwise(operator: str) -> None:
    block = {f"{operator}IfExists": {"a:x": sample(operator)}}
    assert holds(block, {})
    assert holds(block, {"a:x": sample(operator)}) is holds(
        {operator: {"a:x": sample(operator)}}, {"a:x": sample(operator)}
    )


@pytest.mark.parametrize("name", ["NullIfExists", "ForAnyValue:Null", "ForAllValues:NullIfExists"])
def test_rule_14_null_takes_no_additions(name: str) -> None:
    with pytest.raises(PolicyError, match="unknown condition operator"):
        policy(allow(Condition={name: {"a:x": "true"}}))


@pytest.mark.parametrize(
    ("wanted", "context", "expected"),
    [
        ("true", {}, True),
        ("true", {"a:x": "1"}, False),
        ("false", {}, False),
        ("false", {"a:x": "1"}, True),
        (False, {"a:x": ["1"]}, True),
        ("false", {"a:x": []}, False),
        ("true", {"a:x": []}, True),
        (["true", "false"], {}, True),
    ],
)
def test_rule_15_null_asks_whether_the_key_is_absent(wanted: Any, context: Any, expected: bool) -> None:
    assert holds({"Null": {"a:x": wanted}}, context) is expected


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_rule_15_whether_an_empty_text_is_null_is_unknown_so_it_denies(wanted: str) -> None:
    assert not holds({"Null": {"a:x": wanted}}, {"a:x": ""})
    assert holds({"Null": {"a:x": wanted}}, {"a:x": ""}, effect="Deny")


def test_rule_15_null_takes_only_truth_values() -> None:
    with pytest.raises(PolicyError, match="`true` or `false`"):
        policy(deny(Condition={"Null": {"a:x": "yes"}}))


def test_rule_16_for_all_values_needs_every_request_value_in_the_list() -> None:
    block = {"ForAllValues:StringEquals": {"a:x": ["1", "2", "3"]}}
    assert holds(block, {"a:x": ["1", "2"]})
    assert not holds(block, {"a:x": ["1", "4"]})


def test_rule_16_for_all_values_is_true_when_the_key_is_absent() -> None:
    assert holds({"ForAllValues:StringEquals": {"a:x": "1"}}, {})
    assert holds({"ForAllValues:StringEquals": {"a:x": "1"}}, {"a:x": []})


def test_rule_16_a_scan_passes_for_all_values_and_null_stops_it() -> None:
    """The attack: `Scan` names no key, so a policy without the Null line opens the whole table."""
    leading = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}}
    assert holds(leading, {})
    assert not holds({**leading, "Null": {"dynamodb:LeadingKeys": "false"}}, {})


def test_rule_16_for_any_value_needs_one_and_is_false_of_nothing() -> None:
    block = {"ForAnyValue:StringEquals": {"a:x": ["1", "2"]}}
    assert holds(block, {"a:x": ["9", "2"]})
    assert not holds(block, {"a:x": ["9"]})
    assert not holds(block, {"a:x": []})
    assert not holds(block, {})
    assert not holds({"ForAnyValue:StringNotEquals": {"a:x": "1"}}, {})


def test_rule_16_if_exists_with_a_set_operator() -> None:
    assert holds({"ForAnyValue:StringEqualsIfExists": {"a:x": "1"}}, {})
    assert not holds({"ForAnyValue:StringEqualsIfExists": {"a:x": "1"}}, {"a:x": ["2"]})


def test_rule_17_set_operators_with_negation_look_at_each_value() -> None:
    assert holds({"ForAllValues:StringNotEquals": {"a:x": ["1", "2"]}}, {"a:x": ["3", "4"]})
    assert not holds({"ForAllValues:StringNotEquals": {"a:x": ["1", "2"]}}, {"a:x": ["3", "1"]})
    assert holds({"ForAnyValue:StringNotEquals": {"a:x": ["1", "2"]}}, {"a:x": ["1", "4"]})
    assert not holds({"ForAnyValue:StringNotEquals": {"a:x": ["1", "2"]}}, {"a:x": ["1", "2"]})


def test_rule_17_a_set_operator_takes_a_single_value_as_one() -> None:
    assert holds({"ForAllValues:StringEquals": {"a:x": "1"}}, {"a:x": "1"})
    assert holds({"ForAnyValue:StringLike": {"a:x": "1*"}}, {"a:x": "12"})
    assert not holds({"ForAllValues:StringEquals": {"a:x": "1"}}, {"a:x": "2"})


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringLike"])
@pytest.mark.parametrize("values", [["1"], ["1", "2"], ["3"], []])
def test_rule_17_an_operator_for_one_value_matches_no_multivalued_key(operator: str, values: list[str]) -> None:
    assert not holds({operator: {"a:x": ["1", "2"]}}, {"a:x": values})


@pytest.mark.parametrize(
    ("operator", "wanted", "seen", "expected"),
    [
        ("StringEquals", "Cat", "Cat", True),
        ("StringEquals", "Cat", "cat", False),
        ("StringEquals", "C*", "Cat", False),
        ("StringEquals", "C*", "C*", True),
        ("StringEquals", "", "", True),
        ("StringEqualsIgnoreCase", "Cat", "cAT", True),
        ("StringEqualsIgnoreCase", "Cat", "dog", False),
        ("StringNotEqualsIgnoreCase", "Cat", "cAT", False),
        ("StringLike", "C?t*", "Cats", True),
        ("StringLike", "C?t*", "cats", False),
        ("StringLike", "a.c", "abc", False),
        ("StringLike", "*", "", True),
        ("StringLike", "authenticated", "unauthenticated", False),
        ("StringNotLike", "C*", "Cat", False),
        ("StringNotLike", "C*", "dog", True),
        ("stringequals", "Cat", "Cat", True),
    ],
)
def test_rule_18_strings(operator: str, wanted: str, seen: str, expected: bool) -> None:
    assert holds({operator: {"a:x": wanted}}, {"a:x": seen}) is expected


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        (ARN, ARN, True),
        ("arn:aws:sns:*:*:news", ARN, True),
        ("arn:aws:sns:us-east-?:111122223333:n*", ARN, True),
        ("arn:aws:sns:*:news", ARN, False),
        ("arn:aws:sns:us-east-1:111122223333:News", ARN, False),
        ("arn:aws:SNS:us-east-1:111122223333:news", ARN, False),
        ("arn:aws:s3:::*", "arn:aws:s3:::a:b/c", True),
        ("arn:aws:s3:*:b", "arn:aws:s3:::b", False),
        ("arn:*:*:*:*:*", "no-arn", False),
        ("*", ARN, False),
    ],
)
def test_rule_19_arns_are_matched_part_by_part(operator: str, wanted: str, seen: str, expected: bool) -> None:
    assert holds({operator: {"a:x": wanted}}, {"a:x": seen}) is expected


@pytest.mark.parametrize("operator", ["ArnNotEquals", "ArnNotLike"])
def test_rule_19_a_value_that_is_no_arn_is_neither_equal_nor_different_so_it_denies(operator: str) -> None:
    assert not holds({operator: {"a:x": ARN}}, {"a:x": "no-arn"})
    assert holds({operator: {"a:x": ARN}}, {"a:x": "no-arn"}, effect="Deny")
    assert holds({operator: {"a:x": ARN}}, {"a:x": "arn:aws:s3:::b"})


@pytest.mark.parametrize(
    ("operator", "wanted", "seen", "expected"),
    [
        ("NumericEquals", "10", "10.0", True),
        ("NumericEquals", 10, "10", True),
        ("NumericEquals", "-.5", "-0.50", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9.99", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "10.000000000000000000001", True),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericGreaterThan", "9", "10", True),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "10", "ten", False),
        ("NumericEquals", "ten", "ten", False),
        ("NumericNotEquals", "ten", "11", False),
        ("NumericLessThan", "10", "nan", False),
        ("NumericLessThan", "10", "-inf", False),
        ("NumericEquals", "10", "1_0", False),
        ("NumericEquals", "10", "10 ", False),
        ("NumericEquals", "3", "٣", False),
    ],
)
def test_rule_20_numbers(operator: str, wanted: Any, seen: str, expected: bool) -> None:
    assert holds({operator: {"a:x": wanted}}, {"a:x": seen}) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "seen", "expected"),
    [
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T09:00:00+09:00", True),
        ("DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "2026-01", "2026-01-01T00:00Z", True),
        ("DateEquals", "2026", "2026-01-01", True),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateNotEquals", "2026-01-01", "2026-01-02", True),
        ("DateLessThan", "2026-01-01", "2025-12-31T23:59:59.999Z", True),
        ("DateLessThan", "2026-01-01", "2026-01-01", False),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01", True),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", True),
        ("DateGreaterThanEquals", 1767225600, "1767225600", True),
        ("DateLessThan", "2026-01-01", "yesterday", False),
        ("DateNotEquals", "2026-01-01", "yesterday", False),
        ("DateLessThan", "tomorrow", "2026-01-01", False),
        ("DateLessThan", "2026-13-01", "2026-01-01", False),
    ],
)
def test_rule_20_dates(operator: str, wanted: Any, seen: str, expected: bool) -> None:
    assert holds({operator: {"a:x": wanted}}, {"a:x": seen}) is expected


def test_rule_20_a_date_without_zone_is_utc_wherever_the_laptop_is(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert holds({"DateEquals": {"a:x": "2026-01-01T00:00:00"}}, {"a:x": "2026-01-01T00:00:00Z"})
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("operator", "wanted", "seen", "expected"),
    [
        ("Bool", "true", "TRUE", True),
        ("Bool", False, "false", True),
        ("Bool", "true", "false", False),
        ("Bool", "true", "1", False),
        ("Bool", "yes", "yes", False),
        ("BinaryEquals", "Y2F0", "Y2F0", True),
        ("BinaryEquals", "Y2F0", "ZG9n", False),
        ("BinaryEquals", "cat", "cat", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.77", True),
        ("IpAddress", "203.0.113.9/24", "203.0.113.77", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "203.0.113.7", "203.0.113.8", False),
        ("IpAddress", "2001:db8::/32", "2001:db8:1::1", True),
        ("IpAddress", "2001:db8::1", "2001:db8::1", True),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("IpAddress", "203.0.113.0/24", "nowhere", False),
        ("IpAddress", "203.0.113.0/255.255.255.0", "203.0.113.7", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
        ("NotIpAddress", "0.0.0.0/0", "2001:db8::1", True),
        ("NotIpAddress", "203.0.113.0/24", "nowhere", False),
    ],
)
def test_rule_21_truth_values_bytes_and_addresses(operator: str, wanted: Any, seen: str, expected: bool) -> None:
    assert holds({operator: {"a:x": wanted}}, {"a:x": seen}) is expected


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "StringEqualsIgnoreCase"])
def test_rule_22_strings_and_arns_take_variables(operator: str) -> None:
    assert holds({operator: {"a:x": "home-${a:y}"}}, {"a:x": "home-7", "a:y": "7"})
    assert holds({"ArnLike": {"a:x": "arn:aws:sns:*:${a:y}:*"}}, {"a:x": ARN, "a:y": "111122223333"})


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("NumericEquals", "1"),
        ("DateEquals", "2026-01-01"),
        ("Bool", "true"),
        ("IpAddress", "::1"),
        ("BinaryEquals", "eA=="),
    ],
)
def test_rule_22_other_operators_take_none(operator: str, value: str) -> None:
    assert not holds({operator: {"a:x": "${a:y}"}}, {"a:x": value, "a:y": value})
    with pytest.raises(PolicyError, match="cannot compare anything with"):
        policy(deny(Condition={operator: {"a:x": "${a:y}"}}))


@pytest.mark.parametrize("name", ["StringMatches", "ForSomeValues:StringEquals", "StringEqualsIfexist", "", ":Bool"])
def test_an_unknown_operator_is_refused_by_name(name: str) -> None:
    with pytest.raises(PolicyError, match="unknown condition operator"):
        policy(allow(Condition={name: {"a:x": "1"}}))
    with pytest.raises(PolicyError, match="unknown condition operator"):
        policy(only("Deny", Action="*", Resource="*", Condition={name: {}}))


def test_the_explanation_names_the_condition_that_failed_with_both_values() -> None:
    statement = allow(Sid="Own", Condition={"StringEquals": {"s3:prefix": "${a:gone}/", "a:ok": "1"}})
    reason = judge(request(context={"s3:prefix": "you/", "a:ok": "1"}), policy(statement)).reasons[0]
    assert (reason.statement, reason.effect, reason.matched) == ("Own", "Allow", False)
    assert reason.why == "StringEquals s3:prefix: wanted `${a:gone}/` (no single value for ${a:gone}), saw `you/`"
