"""Shows how the kinds of policies make one decision, and the words of a refusal (rules 36-46, 71)."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam import Policies, Policy, compile_policy, decide
from tests.iam.scenario import (
    ACCOUNT,
    OBJECT,
    OTHER_ACCOUNT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    allow,
    deny,
    document,
    judge,
    policy,
    request,
    resource_policy,
)

YES, NO, OTHERWISE = policy(allow("s3:*")), policy(deny("s3:*")), policy(allow("ec2:*"))
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ada"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"


def naming(principal: Any, **elements: Any) -> Policy:
    return resource_policy(allow("*", Principal=principal, **elements))


def test_rule_36_without_an_allow_everything_is_denied() -> None:
    assert judge(request()).outcome == "ImplicitDeny"
    assert judge(request(), OTHERWISE).outcome == "ImplicitDeny"


@pytest.mark.parametrize("kind", ["identity", "session", "boundaries", "resource"])
def test_rule_36_a_deny_of_any_kind_wins(kind: str) -> None:
    groups: dict[str, Any] = {"identity": (YES,), "session": (YES,), "boundaries": (YES,), "resource": naming("*")}
    denying = resource_policy(deny(Principal="*")) if kind == "resource" else (NO,)
    groups[kind] = denying
    assert judge(request(), *groups.pop("identity"), **groups).outcome == "ExplicitDeny"


def test_rule_36_a_deny_wins_over_the_most_direct_allow() -> None:
    assert judge(request(), NO, resource=naming({"AWS": SESSION})).outcome == "ExplicitDeny"
    assert judge(request(), session=(NO,), resource=naming({"AWS": SESSION})).outcome == "ExplicitDeny"


def test_rule_37_a_session_may_do_what_both_allow() -> None:
    assert judge(request(), YES, session=(YES,)).allowed
    assert not judge(request(), YES, session=(OTHERWISE,)).allowed
    assert not judge(request(), OTHERWISE, session=(YES,)).allowed
    assert not judge(request(), YES, session=()).allowed


def test_rule_37_session_policies_form_one_group() -> None:
    assert judge(request(), YES, session=(OTHERWISE, YES)).allowed


@pytest.mark.parametrize(
    ("identity", "boundary", "session", "expected"),
    [
        (YES, YES, YES, True),
        (OTHERWISE, YES, YES, False),
        (YES, OTHERWISE, YES, False),
        (YES, YES, OTHERWISE, False),
    ],
)
def test_rule_38_identity_boundary_and_session_must_all_allow(
    identity: Policy, boundary: Policy, session: Policy, expected: bool
) -> None:
    assert judge(request(), identity, boundaries=(boundary,), session=(session,)).allowed is expected


def test_rule_38_a_boundary_alone_grants_nothing() -> None:
    assert not judge(request(), boundaries=(YES,)).allowed


def test_rule_39_in_one_account_either_side_is_enough() -> None:
    assert judge(request(who=USER), YES).allowed
    assert judge(request(who=USER), resource=naming({"AWS": USER})).allowed


def test_rule_39_a_key_policy_must_allow_explicitly() -> None:
    asked = request("kms:Decrypt", KEY)
    everything = policy(allow("kms:*"))
    assert not judge(asked, everything).allowed
    assert judge(asked, everything, resource=naming({"AWS": ACCOUNT})).allowed
    assert not judge(asked, resource=naming({"AWS": ACCOUNT})).allowed
    assert not judge(asked, everything, boundaries=(OTHERWISE,), resource=naming({"AWS": ACCOUNT})).allowed
    assert judge(asked, resource=naming({"AWS": ROLE})).allowed
    assert judge(request("kms:ListKeys", "*"), everything).allowed


def test_rule_40_across_accounts_both_sides_must_allow() -> None:
    foreign = request(owner=OTHER_ACCOUNT)
    for principal in ("*", {"AWS": ACCOUNT}, {"AWS": ROLE}, {"AWS": SESSION}):
        assert judge(foreign, YES, resource=naming(principal)).allowed
        assert not judge(foreign, resource=naming(principal)).allowed
        assert not judge(foreign, YES, boundaries=(OTHERWISE,), resource=naming(principal)).allowed
        assert not judge(foreign, YES, session=(OTHERWISE,), resource=naming(principal)).allowed
    assert not judge(foreign, YES).allowed
    assert not judge(foreign, YES, resource=naming({"AWS": OTHER_ACCOUNT})).allowed


def test_rule_40_the_owner_is_the_one_given_then_the_arns_then_the_callers() -> None:
    everything = policy(allow("*"))
    foreign = f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:jobs"
    assert not judge(request("sqs:SendMessage", foreign, owner=""), everything).allowed
    assert judge(request("sqs:SendMessage", foreign, owner=ACCOUNT), everything).allowed
    assert judge(request("s3:GetObject", OBJECT, owner=""), everything).allowed
    managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert judge(request("iam:GetPolicy", managed, owner=""), everything).allowed


@pytest.mark.parametrize("who", [SESSION, ROLE])
def test_rule_41_a_grant_to_the_role_is_limited_by_boundary_and_session(who: str) -> None:
    to_role = naming({"AWS": ROLE})
    assert judge(request(who=who), resource=to_role).allowed
    assert not judge(request(who=who), boundaries=(OTHERWISE,), resource=to_role).allowed
    assert not judge(request(who=who), session=(OTHERWISE,), resource=to_role).allowed
    assert judge(request(who=who), boundaries=(YES,), session=(YES,), resource=to_role).allowed


def test_rule_42_a_grant_to_the_user_is_not_limited_by_its_boundary() -> None:
    assert judge(request(who=USER), boundaries=(OTHERWISE,), resource=naming({"AWS": USER})).allowed


@pytest.mark.parametrize("who", [USER, SESSION])
def test_rule_42_nor_is_a_grant_to_everyone_with_principal_arn(who: str) -> None:
    arn = USER if who == USER else ROLE
    everyone = naming("*", Condition={"ArnEquals": {"aws:PrincipalArn": arn}})
    assert judge(request(who=who), boundaries=(OTHERWISE,), resource=everyone).allowed


def test_rule_42_session_policies_of_a_user_limit_what_the_user_was_given() -> None:
    to_user = naming({"AWS": USER})
    assert not judge(request(who=USER), session=(OTHERWISE,), resource=to_user).allowed


@pytest.mark.parametrize("account", [ACCOUNT, ROOT])
def test_rule_43_a_grant_to_the_account_with_principal_arn_needs_the_identity_policy(account: str) -> None:
    delegating = naming({"AWS": account}, Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})
    assert not judge(request(), resource=delegating).allowed
    assert judge(request(), YES, resource=delegating).allowed


@pytest.mark.parametrize("who", [SESSION, FEDERATED])
def test_rule_44_a_grant_to_the_session_is_not_limited_by_identity_or_boundary(who: str) -> None:
    to_session = naming({"AWS": who})
    assert judge(request(who=who), OTHERWISE, boundaries=(OTHERWISE,), resource=to_session).allowed


@pytest.mark.parametrize("who", [SESSION, FEDERATED])
def test_rule_45_nor_by_the_session_policy(who: str) -> None:
    to_session = naming({"AWS": who})
    assert judge(request(who=who), session=(OTHERWISE,), resource=to_session).allowed


def test_rule_46_anonymous_needs_a_policy_for_everyone() -> None:
    nobody = request(who="", kind="Anonymous", owner=OTHER_ACCOUNT)
    assert judge(nobody, resource=naming("*")).allowed
    assert not judge(nobody, resource=naming({"AWS": ACCOUNT})).allowed
    assert not judge(nobody, YES).allowed
    assert not judge(nobody).allowed
    both = resource_policy(allow(Principal="*"), deny(Principal="*"))
    assert judge(nobody, resource=both).outcome == "ExplicitDeny"


def test_rule_46_get_caller_identity_is_always_allowed_to_who_signed() -> None:
    assert judge(request("sts:GetCallerIdentity", "*"), policy(deny("*"))).allowed
    assert judge(request("STS:getcalleridentity", "*", who=USER)).allowed
    assert not judge(request("sts:GetCallerIdentity", "*", who="", kind="Anonymous")).allowed


def test_a_service_needs_the_resources_policy() -> None:
    bucket = request("s3:PutObject", who="logging.s3.amazonaws.com", kind="Service", owner=OTHER_ACCOUNT)
    assert judge(bucket, resource=naming({"Service": "logging.s3.amazonaws.com"})).allowed
    assert not judge(bucket, resource=naming({"Service": "delivery.logs.amazonaws.com"})).allowed
    assert not judge(bucket, YES).allowed


@pytest.mark.parametrize("who", [ROOT, ACCOUNT])
def test_root_has_all_permissions_in_its_account_and_only_there(who: str) -> None:
    assert judge(request(who=who)).allowed
    assert judge(request(who=who), resource=resource_policy(deny(Principal="*"))).outcome == "ExplicitDeny"
    foreign = request(who=who, owner=OTHER_ACCOUNT)
    assert not judge(foreign).allowed
    assert judge(foreign, resource=naming({"AWS": ACCOUNT})).allowed
    assert not judge(request("kms:Decrypt", KEY, who=who)).allowed


def test_a_policy_without_principal_cannot_pass_for_a_resource_policy() -> None:
    """The attack is a slip: a statement that names nobody would mean everybody."""
    for kind in ("resource", "trust"):
        with pytest.raises(ValueError, match=f"was not compiled as a {kind} policy"):
            Policies(**{kind: YES})  # type: ignore[arg-type]


GETTING = f"User: {SESSION} is not authorized to perform: s3:GetObject on resource: {OBJECT}"


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        (Policies(), "because no identity-based policy allows the s3:GetObject action"),
        (Policies((YES,), session=(OTHERWISE,)), "because no session policy allows the s3:GetObject action"),
        (Policies((YES,), boundaries=(OTHERWISE,)), "because no permissions boundary allows the s3:GetObject action"),
        (Policies((NO,)), "with an explicit deny in an identity-based policy"),
        (Policies((YES,), session=(NO,)), "with an explicit deny in a session policy"),
        (Policies((YES,), boundaries=(NO,)), "with an explicit deny in a permissions boundary"),
        (Policies(resource=resource_policy(deny(Principal="*"))), "with an explicit deny in a resource-based policy"),
        (Policies(session=(NO,)), "with an explicit deny in a session policy"),
    ],
)
def test_rule_71_a_refusal_is_told_in_awss_words(policies: Policies, words: str) -> None:
    assert decide(request(), policies).message == f"{GETTING} {words}"


def test_rule_71_other_refusals() -> None:
    foreign = judge(request(owner=OTHER_ACCOUNT), YES)
    assert foreign.message == f"{GETTING} because no resource-based policy allows the s3:GetObject action"
    nobody = judge(request(who="", kind="Anonymous"))
    assert nobody.message.startswith("User: anonymous is not authorized to perform: s3:GetObject on resource: arn:")
    assert judge(request(), YES).message == ""


def test_reasons_tell_of_every_statement_in_order_and_of_what_was_missing() -> None:
    named = compile_policy(document(allow("ec2:*", Sid="Machines"), deny("s3:Put*")), "own-data")
    reasons = judge(request(), named).reasons
    assert [(r.policy, r.statement, r.effect, r.matched) for r in reasons] == [
        ("own-data", "Machines", "Allow", False),
        ("own-data", "#2", "Deny", False),
        ("identity-based policy", "", "", False),
    ]
    assert reasons[0].why == 'Action does not cover the request: "ec2:*"'
    assert judge(request(), YES).reasons[0].matched
