"""Shows who may assume a role (rules 34, 39, 48-51)."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam import ContextValue, Decision, Policies, Policy, PolicyError, Request, decide
from tests.iam.scenario import (
    ACCOUNT,
    OTHER_ACCOUNT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    allow,
    judge,
    only,
    policy,
    request,
    trust_policy,
)

COGNITO = "cognito-identity.amazonaws.com"
POOL = "us-east-1:0f7d5c9a-0000-4000-8000-000000000000"
TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"


def decides(asked: Request, trust: Policy) -> Decision:
    """What a role's trust policy alone decides."""
    return decide(asked, Policies(trust=trust))


def trusting(principal: Any, action: Any = "sts:AssumeRole", **elements: Any) -> Any:
    return trust_policy(only("Allow", Principal=principal, Action=action, **elements))


SIGNED_IN = trusting(
    {"Federated": COGNITO},
    "sts:AssumeRoleWithWebIdentity",
    Condition={
        "StringEquals": {f"{COGNITO}:aud": POOL},
        "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"},
    },
)


def of_identity_pool(context: dict[str, ContextValue], action: str = "sts:AssumeRoleWithWebIdentity") -> Any:
    asked = request(action, TARGET, who=COGNITO, kind="Federated", context=context)
    return decides(asked, SIGNED_IN)


def test_rule_48_a_signed_in_user_of_the_pool_may_assume_the_role() -> None:
    amr = ["authenticated", "cognito-idp.us-east-1.amazonaws.com/us-east-1_1", "cognito-idp:CognitoSignIn:sub"]
    assert of_identity_pool({f"{COGNITO}:aud": POOL, f"{COGNITO}:amr": amr}).allowed


@pytest.mark.parametrize(
    "context",
    [
        {f"{COGNITO}:aud": POOL, f"{COGNITO}:amr": ["unauthenticated"]},
        {f"{COGNITO}:aud": POOL.replace("0f", "1f"), f"{COGNITO}:amr": ["authenticated"]},
        {f"{COGNITO}:aud": POOL},
        {f"{COGNITO}:aud": POOL, f"{COGNITO}:amr": []},
        {f"{COGNITO}:amr": ["authenticated"]},
    ],
)
def test_rule_48_guests_other_pools_and_missing_claims_may_not(context: dict[str, ContextValue]) -> None:
    """The attack: anyone may make an identity pool and ask for this role with it."""
    assert of_identity_pool(context).outcome == "ImplicitDeny"


def test_rule_49_tagging_the_session_is_allowed_on_its_own() -> None:
    context: dict[str, ContextValue] = {f"{COGNITO}:aud": POOL, f"{COGNITO}:amr": ["authenticated"]}
    assert not of_identity_pool(context, "sts:TagSession").allowed
    trust = trusting({"Federated": COGNITO}, ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])
    asked = request("sts:TagSession", TARGET, who=COGNITO, kind="Federated", context={"aws:RequestTag/team": "blue"})
    assert decides(asked, trust).allowed


def test_rule_50_saml_providers_and_their_keys() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/work"
    sign_in = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    trust = trusting({"Federated": provider}, "sts:AssumeRoleWithSAML", Condition=sign_in)
    good: dict[str, ContextValue] = {"saml:AUD": "https://signin.aws.amazon.com/saml"}
    asked = request("sts:AssumeRoleWithSAML", TARGET, who=provider, kind="Federated", context=good)
    assert decides(asked, trust).allowed
    assert not decides(request("sts:AssumeRoleWithSAML", TARGET, who=provider, kind="Federated"), trust).allowed


def test_rule_51_a_refused_provider_hears_only_this() -> None:
    assert of_identity_pool({}).message == "Not authorized to perform sts:AssumeRoleWithWebIdentity"


def test_rule_39_a_trust_policy_must_allow_explicitly() -> None:
    asked, may = request("sts:AssumeRole", TARGET), policy(allow("sts:*"))
    assert not judge(asked, may).allowed
    assert judge(asked, may, trust=trusting({"AWS": ACCOUNT})).allowed
    assert not judge(asked, trust=trusting({"AWS": ACCOUNT})).allowed
    assert judge(asked, trust=trusting({"AWS": ROLE})).allowed
    assert judge(asked, trust=trusting({"AWS": SESSION})).allowed
    assert judge(request("sts:AssumeRole", TARGET, who=USER), trust=trusting({"AWS": USER})).allowed


def test_rule_39_the_refusal_names_the_trust_policy() -> None:
    words = f"User: {SESSION} is not authorized to perform: sts:AssumeRole on resource: {TARGET} "
    assert judge(request("sts:AssumeRole", TARGET), policy(allow("sts:*"))).message == (
        f"{words}because no role trust policy allows the sts:AssumeRole action"
    )
    refusing = trust_policy(only("Deny", Principal="*", Action="sts:AssumeRole"))
    denied = judge(request("sts:AssumeRole", TARGET), policy(allow("sts:*")), trust=refusing)
    assert denied.message == f"{words}with an explicit deny in a role trust policy"


def test_rule_40_a_role_of_another_account_needs_both_sides() -> None:
    foreign = f"arn:aws:iam::{OTHER_ACCOUNT}:role/target"
    asked, may = request("sts:AssumeRole", foreign, owner=""), policy(allow("sts:*"))
    assert judge(asked, may, trust=trusting({"AWS": ACCOUNT})).allowed
    assert not judge(asked, trust=trusting({"AWS": SESSION})).allowed


def test_services_assume_roles_that_trust_them() -> None:
    asked = request("sts:AssumeRole", TARGET, who="lambda.amazonaws.com", kind="Service")
    assert decides(asked, trusting({"Service": "lambda.amazonaws.com"})).allowed
    assert not decides(asked, trusting({"Service": "states.amazonaws.com"})).allowed


def test_root_may_not_assume_roles() -> None:
    assert not judge(request("sts:AssumeRole", TARGET, who=ROOT), trust=trusting({"AWS": ACCOUNT})).allowed


def test_a_trust_policy_has_no_resource() -> None:
    with pytest.raises(PolicyError, match="a trust policy has no Resource"):
        trusting("*", Resource="*")
