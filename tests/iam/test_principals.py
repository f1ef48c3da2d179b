"""Shows whom the Principal element means (rules 31-35)."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from localcloud.iam import PolicyError, Principal
from localcloud.iam.principal import identify
from tests.iam.scenario import (
    ACCOUNT,
    OTHER_ACCOUNT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    allow,
    deny,
    judge,
    only,
    policy,
    request,
    resource_policy,
    trust_policy,
)

FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ada"
COGNITO = "cognito-identity.amazonaws.com"
Kind = Literal["AWS", "Federated", "Service", "Anonymous"]


def allowed(principal: Any, who: str = SESSION, kind: Kind = "AWS") -> bool:
    return judge(request(who=who, kind=kind), resource=resource_policy(allow(Principal=principal))).allowed


@pytest.mark.parametrize("everyone", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
@pytest.mark.parametrize(
    ("who", "kind"), [(USER, "AWS"), (SESSION, "AWS"), ("lambda.amazonaws.com", "Service"), ("", "Anonymous")]
)
def test_rule_31_a_star_is_everyone(everyone: Any, who: str, kind: Kind) -> None:
    assert allowed(everyone, who, kind)


@pytest.mark.parametrize("name", [f"arn:aws:iam::{ACCOUNT}:user/*", f"arn:aws:iam::{ACCOUNT}:role/rea*", f"{SESSION}*"])
def test_rule_31_part_of_a_name_cannot_be_a_wildcard(name: str) -> None:
    assert not allowed({"AWS": name})
    assert not allowed({"AWS": name}, USER)
    for statement in (deny(Principal={"AWS": name}), allow(NotPrincipal={"AWS": name})):
        with pytest.raises(PolicyError, match="cannot stand for part of a principal"):
            resource_policy(statement)


@pytest.mark.parametrize("kind", ["Service", "Federated"])
def test_rule_31_a_star_means_nothing_for_services_and_providers(kind: str) -> None:
    assert not allowed({kind: "*"}, "lambda.amazonaws.com", "Service")


def test_rule_31_a_policy_of_a_principal_names_none() -> None:
    for element in ("Principal", "NotPrincipal"):
        with pytest.raises(PolicyError, match="names no Principal"):
            policy(allow(**{element: "*"}))


@pytest.mark.parametrize("account", [ACCOUNT, ROOT])
@pytest.mark.parametrize("who", [USER, SESSION, ROLE])
def test_rule_32_an_account_delegates_and_alone_allows_nobody(account: str, who: str) -> None:
    delegating = resource_policy(allow(Principal={"AWS": account}))
    assert not judge(request(who=who), resource=delegating).allowed
    assert judge(request(who=who), policy(allow()), resource=delegating).allowed


def test_rule_32_a_deny_for_an_account_denies_all_in_it() -> None:
    denying = resource_policy(deny(Principal={"AWS": ACCOUNT}))
    for who in (USER, SESSION, ROOT):
        assert judge(request(who=who), policy(allow()), resource=denying).outcome == "ExplicitDeny"


def test_rule_33_a_role_arn_means_its_sessions_and_a_session_arn_only_that_one() -> None:
    assert allowed({"AWS": ROLE})
    assert allowed({"AWS": f"arn:aws:iam::{ACCOUNT}:role/path/to/reader"})
    assert not allowed({"AWS": f"arn:aws:iam::{ACCOUNT}:role/writer"})
    assert not allowed({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/reader"})
    assert not allowed({"AWS": f"arn:aws-cn:iam::{ACCOUNT}:role/reader"})
    assert allowed({"AWS": [USER, SESSION]})
    assert not allowed({"AWS": SESSION}, SESSION.replace("phone", "laptop"))
    assert not allowed({"AWS": SESSION}, ROLE)
    assert not allowed({"AWS": USER}, f"arn:aws:iam::{ACCOUNT}:user/ada")
    assert allowed({"AWS": FEDERATED}, FEDERATED)


def test_rule_33_principal_arn_carries_the_role_and_takes_wildcards() -> None:
    own = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/rea*"}}
    assert judge(request(), resource=resource_policy(allow(Principal="*", Condition=own))).allowed
    session = {"ArnLike": {"aws:PrincipalArn": SESSION}}
    assert not judge(request(), resource=resource_policy(allow(Principal="*", Condition=session))).allowed


def test_rule_33_the_callers_own_principal_arn_wins_for_it_knows_the_path() -> None:
    full = f"arn:aws:iam::{ACCOUNT}:role/path/to/reader"
    statement = policy(allow(Condition={"ArnEquals": {"aws:PrincipalArn": full}}))
    assert judge(request(context={"AWS:principalarn": full}), statement).allowed
    assert not judge(request(), statement).allowed


def test_rule_34_a_provider_means_only_who_is_assuming_a_role() -> None:
    assert not allowed({"Federated": COGNITO}, COGNITO, "Federated")
    trust = trust_policy(only("Allow", Action="sts:*", Principal={"Federated": COGNITO}))
    asked = request("sts:AssumeRoleWithWebIdentity", ROLE, who=COGNITO, kind="Federated")
    assert judge(asked, trust=trust).allowed


def test_rule_34_a_service_and_a_provider_of_the_same_name_are_different() -> None:
    for named, asking in (("Service", "Federated"), ("Federated", "Service")):
        trust = trust_policy(only("Allow", Action="sts:*", Principal={named: COGNITO}))
        asked = request("sts:AssumeRoleWithWebIdentity", ROLE, who=COGNITO, kind=asking)  # type: ignore[arg-type]
        assert not judge(asked, trust=trust).allowed


def test_rule_35_not_principal_with_deny_spares_only_who_is_listed_with_its_account() -> None:
    everything = policy(allow())

    def outcome(who: str, *listed: str) -> str:
        denying = resource_policy(deny(NotPrincipal={"AWS": [*listed]}))
        return judge(request(who=who), everything, resource=denying).outcome

    assert outcome(USER, USER, ACCOUNT) == "Allowed"
    assert outcome(USER, USER) == "ExplicitDeny"
    assert outcome(USER, ACCOUNT) == "ExplicitDeny"
    assert outcome(SESSION, SESSION, ROLE, ACCOUNT) == "Allowed"
    assert outcome(SESSION, ROLE, ACCOUNT) == "ExplicitDeny"
    assert outcome(SESSION, SESSION, ACCOUNT) == "ExplicitDeny"
    assert outcome(ROOT, ROOT) == "Allowed"
    assert outcome(USER, "*") == "Allowed"


def test_rule_35_with_a_permissions_boundary_it_always_denies() -> None:
    denying = resource_policy(deny(NotPrincipal={"AWS": [USER, ROOT]}))
    everything = policy(allow("*"))
    decision = judge(request(who=USER), everything, boundaries=(everything,), resource=denying)
    assert decision.outcome == "ExplicitDeny"


def test_rule_35_not_principal_with_allow_means_everyone_else() -> None:
    others = resource_policy(allow(NotPrincipal={"AWS": USER}))
    assert judge(request(who=SESSION), resource=others).allowed
    assert judge(request(who="", kind="Anonymous"), resource=others).allowed
    assert not judge(request(who=USER), resource=others).allowed


@pytest.mark.parametrize(
    "element",
    [
        ROLE,
        "everyone",
        {},
        [],
        ["*"],
        {"AWS": []},
        {"AWS": None},
        {"AWS": ""},
        {"AWS": {"a": "b"}},
        {"AWS": "ada"},
        {"AWS": "12345"},
        {"AWS": "arn:aws:iam::111122223333:group/staff"},
        {"CanonicalUser": "79a59df900b949e5"},
        {"Everyone": "*"},
        None,
    ],
)
def test_a_principal_that_cannot_be_one_is_refused(element: Any) -> None:
    with pytest.raises(PolicyError, match="Principal"):
        resource_policy(allow(Principal=element))


def test_a_unique_id_is_what_is_left_of_a_deleted_principal_and_means_nobody() -> None:
    assert not allowed({"AWS": "AROAEXAMPLEEXAMPLE123"})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS", ""),
        ("AWS", "*"),
        ("AWS", "ada"),
        ("AWS", "arn:aws:iam::111122223333:user/*"),
        ("AWS", "arn:aws:iam::111122223333:group/staff"),
        ("AWS", "arn:aws:sts::111122223333:assumed-role/reader"),
        ("AWS", "arn:aws:iam::11112222:user/ada"),
        ("AWS", f"{USER}\n"),
        ("Service", ""),
        ("Federated", "*"),
    ],
)
def test_a_caller_that_is_none_is_refused(kind: Kind, value: str) -> None:
    with pytest.raises(ValueError, match=r"names no|is not the ARN"):
        identify(Principal(kind, value))


@pytest.mark.parametrize(
    ("who", "kind", "context"),
    [
        (USER, "AWS", {"aws:principaltype": "User", "aws:username": "ada", "aws:principalarn": USER}),
        (SESSION, "AWS", {"aws:principaltype": "AssumedRole", "aws:principalarn": ROLE}),
        (ROLE, "AWS", {"aws:principaltype": "AssumedRole", "aws:principalarn": ROLE}),
        (FEDERATED, "AWS", {"aws:principaltype": "FederatedUser", "aws:principalarn": FEDERATED}),
        (ACCOUNT, "AWS", {"aws:principaltype": "Account", "aws:principalarn": ROOT}),
        (ROOT, "AWS", {"aws:principaltype": "Account", "aws:principalaccount": ACCOUNT}),
        ("lambda.amazonaws.com", "Service", {"aws:principalisawsservice": "true"}),
        ("", "Anonymous", {"aws:principaltype": "Anonymous"}),
    ],
)
def test_what_follows_from_the_principal(who: str, kind: Kind, context: dict[str, str]) -> None:
    assert context.items() <= identify(Principal(kind, who)).context.items()
