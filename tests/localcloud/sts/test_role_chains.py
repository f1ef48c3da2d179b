"""Role chains: what one session hands on to the next, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.refusals import is_denied, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import ACCOUNT, Actor, may_assume, role, trusts, user

BY_TAG = {
    "Effect": "Allow",
    "Action": "s3:ListAllMyBuckets",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}},
}
EVERYTHING = ("sts:TagSession", "sts:SetSourceIdentity")
RED: dict[str, Any] = {"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"]}


def link(cloud: LocalCloud, *more: str, **settings: Any) -> str:
    """A role that everybody of the account may take, and that sees buckets when its session is of the red team."""
    return role(cloud, trusts({"AWS": ACCOUNT}, *more), may=[BY_TAG, may_assume("*", *EVERYTHING)], **settings)


def refused(actor: Actor, arn: str, **more: Any) -> tuple[str, str]:
    return refusal(actor.client("sts").assume_role, **{"RoleArn": arn, "RoleSessionName": "session", **more})


@pytest.fixture
def ada(cloud: LocalCloud) -> Actor:
    return user(cloud, may_assume("*", *EVERYTHING))


def sees_buckets(actor: Actor) -> bool:
    return not is_denied(actor.client("s3").list_buckets)


def test_a_tag_of_the_session_is_a_tag_of_the_principal(cloud: LocalCloud, ada: Actor) -> None:
    """Rule 49."""
    arn = link(cloud, "sts:TagSession")
    assert not sees_buckets(ada.assume(arn))
    assert sees_buckets(ada.assume(arn, **RED))
    assert not sees_buckets(ada.assume(arn, Tags=[{"Key": "team", "Value": "blue"}]))


def test_attack_a_tag_where_the_role_lets_no_session_be_tagged(cloud: LocalCloud, ada: Actor) -> None:
    """Rule 49: without `sts:TagSession` on the trust policy, or without it in the caller's own."""
    code, message = refused(ada, link(cloud), **RED)
    assert code == "AccessDenied"
    assert message.endswith("because no role trust policy allows the sts:TagSession action")
    code, message = refused(user(cloud, may_assume()), link(cloud, "sts:TagSession"), **RED)
    assert code == "AccessDenied"
    assert message.endswith("because no identity-based policy allows the sts:TagSession action")


def test_which_tags_are_passed_can_be_limited(cloud: LocalCloud, ada: Actor) -> None:
    only = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, "StringEquals": {"aws:RequestTag/team": "red"}}
    arn = role(cloud, trusts({"AWS": ada.arn}), trusts({"AWS": ada.arn}, "sts:TagSession", **only))
    assert ada.assume(arn, **RED)
    for tags in ([{"Key": "team", "Value": "blue"}], [*RED["Tags"], {"Key": "clearance", "Value": "top"}]):
        code, message = refused(ada, arn, Tags=tags)
        assert (code, "sts:TagSession" in message) == ("AccessDenied", True)


def test_session_tags_are_stronger_than_the_roles_whatever_their_case(cloud: LocalCloud, ada: Actor) -> None:
    arn = link(cloud, "sts:TagSession", Tags=[{"Key": "Team", "Value": "red"}])
    assert sees_buckets(ada.assume(arn))
    assert not sees_buckets(ada.assume(arn, Tags=[{"Key": "TEAM", "Value": "blue"}]))


def test_transitive_tags_travel_and_others_do_not(cloud: LocalCloud, ada: Actor) -> None:
    first, second = link(cloud, "sts:TagSession"), link(cloud, "sts:TagSession")
    handed_on = ada.assume(first, **RED).assume(second)
    assert sees_buckets(handed_on)
    assert sees_buckets(handed_on.assume(first)), "and on, and on"
    assert not sees_buckets(ada.assume(first, Tags=RED["Tags"]).assume(second))


def test_attack_a_tag_that_was_handed_on_is_changed(cloud: LocalCloud, ada: Actor) -> None:
    first, second = link(cloud, "sts:TagSession"), link(cloud, "sts:TagSession")
    blue = ada.assume(first, Tags=[{"Key": "team", "Value": "blue"}], TransitiveTagKeys=["team"])
    for key in ("team", "TEAM"):
        code, message = refused(blue, second, Tags=[{"Key": key, "Value": "red"}])
        assert code == "InvalidParameterValue"
        assert "conflicts with a transitive tag key from the calling session" in message


def test_attack_a_tagged_session_into_a_role_that_takes_no_tags(cloud: LocalCloud, ada: Actor) -> None:
    tagged = ada.assume(link(cloud, "sts:TagSession"), **RED)
    code, message = refused(tagged, link(cloud))
    assert (code, "role trust policy allows the sts:TagSession action" in message) == ("AccessDenied", True)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]}, "Duplicate tag keys"),
        ({"Tags": [{"Key": "aws:a", "Value": "1"}]}, "Invalid session tag"),
        ({"Tags": [{"Key": "a", "Value": "<b>"}]}, "Invalid session tag"),
        ({"Tags": [{"Key": "a", "Value": "1"}], "TransitiveTagKeys": ["b"]}, "must be included in the requested tags"),
    ],
)
def test_tags_that_are_none(cloud: LocalCloud, ada: Actor, tags: Mapping[str, Any], message: str) -> None:
    found = refused(ada, link(cloud, "sts:TagSession"), **tags)
    assert (found[0], message in found[1]) == ("InvalidParameterValue", True), found


def test_a_source_identity_sticks(cloud: LocalCloud, ada: Actor) -> None:
    sourced = trusts({"AWS": ACCOUNT}, *EVERYTHING, StringEquals={"sts:SourceIdentity": "ada"})
    first = role(cloud, sourced, may=[may_assume("*", *EVERYTHING)])
    asked = {**BY_TAG, "Condition": {"StringEquals": {"aws:SourceIdentity": "ada"}}}
    second = role(cloud, sourced, may=[asked])
    session = ada.assume(first, SourceIdentity="ada")
    answer = session.client("sts").assume_role(RoleArn=second, RoleSessionName="next")
    assert answer["SourceIdentity"] == "ada"
    assert sees_buckets(session.assume(second))
    assert sees_buckets(session.assume(second, SourceIdentity="ada"))
    assert refused(ada, first)[0] == "AccessDenied"


def test_attack_a_source_identity_is_changed(cloud: LocalCloud, ada: Actor) -> None:
    first, second = link(cloud, *EVERYTHING), link(cloud, *EVERYTHING)
    session = ada.assume(first, SourceIdentity="ada")
    code, message = refused(session, second, SourceIdentity="bob")
    assert (code, message) == ("ValidationError", "The source identity is already set for this assume role session")
    assert refused(ada, first, SourceIdentity="aws:ada")[0] == "ValidationError"
    code, message = refused(session, link(cloud))
    assert (code, "sts:SetSourceIdentity" in message) == ("AccessDenied", True)


def test_a_session_begins_no_session_of_more_than_an_hour(cloud: LocalCloud, ada: Actor) -> None:
    long, asked = link(cloud, MaxSessionDuration=43_200), {"DurationSeconds": 7200}
    session = ada.assume(long, **asked)
    code, message = refused(session, long, **asked)
    assert (code, message) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    assert session.assume(long, DurationSeconds=3600)


def test_a_session_lasts_no_longer_than_its_role_allows(cloud: LocalCloud, ada: Actor) -> None:
    code, message = refused(ada, link(cloud), DurationSeconds=3601)
    assert (code, message) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
    assert refused(ada, link(cloud), DurationSeconds=899)[0] == "ValidationError"
    assert refused(ada, link(cloud), DurationSeconds=43_201)[0] == "ValidationError"
