"""Shows what must be true of every policy and request, on random ones."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.iam import Policies, Policy, Principal, Request, compile_policy, decide
from localcloud.iam.match import Pattern
from tests.iam.scenario import ACCOUNT, OTHER_ACCOUNT, ROLE, ROOT, SESSION, USER, document, policy

COGNITO = "cognito-identity.amazonaws.com"
some = settings(max_examples=60, deadline=None)

ACTIONS = st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:ListBucket", "dynamodb:GetItem"])
RESOURCES = st.sampled_from(["arn:aws:s3:::b/a/x", "arn:aws:s3:::b/c", "arn:aws:s3:::b", "*"])
VALUES = st.sampled_from(["a", "b", "*", "${a:x}", ""])
CONTEXTS = st.dictionaries(st.sampled_from(["a:x", "A:Y", "a:z"]), VALUES | st.lists(VALUES, max_size=2), max_size=3)
PRINCIPALS = st.sampled_from(
    [
        Principal("AWS", USER),
        Principal("AWS", ROLE),
        Principal("AWS", SESSION),
        Principal("AWS", ROOT),
        Principal("Service", "lambda.amazonaws.com"),
        Principal("Anonymous"),
    ]
)
REQUESTS = st.builds(Request, PRINCIPALS, ACTIONS, RESOURCES, st.sampled_from([ACCOUNT, OTHER_ACCOUNT, ""]), CONTEXTS)


@st.composite
def statements(draw: st.DrawFn, *, principal: bool = False, effect: str | None = None) -> dict[str, Any]:
    """A statement of any form; with a Principal for a resource's policy."""
    negated = st.sampled_from(["", "Not"])
    block: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(negated) + "Action": draw(st.sampled_from(["*", "s3:*", "s3:Get*", "dynamodb:*"])),
        draw(negated) + "Resource": draw(st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${a:x}/*"])),
    }
    if principal:
        whom = st.sampled_from(["*", {"AWS": ACCOUNT}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": [USER, ROOT]}])
        block[draw(negated) + "Principal"] = draw(whom)
    operator = draw(st.none() | st.sampled_from(["StringEquals", "StringNotLike", "ForAllValues:StringLike", "Null"]))
    if operator:
        wanted = st.just("true") if operator == "Null" else st.sampled_from(["a", "*", "${a:y}"])
        block["Condition"] = {operator: {"a:z": draw(wanted)}}
    return block


OWN = st.lists(statements(), max_size=4)
OF_THE_RESOURCE = st.none() | st.lists(statements(principal=True), max_size=3)
LIMITS = st.none() | st.lists(statements(), max_size=2)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, list[dict[str, Any]] | None]:
    """Statements for each kind of policy; None where there is no such policy."""
    return {
        "identity": draw(OWN),
        "session": draw(LIMITS),
        "boundaries": draw(LIMITS),
        "resource": draw(OF_THE_RESOURCE),
    }


def compiled(situation: dict[str, list[dict[str, Any]] | None]) -> Policies:
    own = {kind: (policy(*found),) for kind, found in situation.items() if kind != "resource" and found is not None}
    found = situation["resource"]
    resource: Policy | None = None if found is None else compile_policy(document(*found), kind="resource")
    return Policies(resource=resource, **own)  # type: ignore[arg-type]


@some
@given(situations(), REQUESTS, st.data())
def test_one_more_deny_never_allows_more(situation: Any, request: Request, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([kind for kind, found in situation.items() if found is not None]))
    more = data.draw(statements(principal=kind == "resource", effect="Deny"))
    before, after = compiled(situation), compiled({**situation, kind: [*situation[kind], more]})
    assert decide(request, before).allowed or not decide(request, after).allowed


@some
@given(situations(), REQUESTS, st.data())
def test_one_more_limit_never_allows_more(situation: Any, request: Request, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["session", "boundaries"]))
    without = compiled({**situation, kind: None})
    assert decide(request, without).allowed or not decide(request, compiled(situation)).allowed


@some
@given(situations(), REQUESTS, st.randoms(use_true_random=False))
def test_the_order_of_statements_never_matters(situation: Any, request: Request, random: Any) -> None:
    shuffled = {kind: found and random.sample(found, len(found)) for kind, found in situation.items()}
    assert decide(request, compiled(shuffled)).outcome == decide(request, compiled(situation)).outcome


@some
@given(situations(), REQUESTS)
def test_the_explanation_agrees_with_the_decision(situation: Any, request: Request) -> None:
    decision = decide(request, compiled(situation))
    applied = {reason.effect for reason in decision.reasons if reason.matched}
    assert ("Deny" in applied) == (decision.outcome == "ExplicitDeny")
    assert "Allow" in applied or not decision.allowed


@some
@given(situations(), st.lists(REQUESTS, min_size=1, max_size=4))
def test_what_was_asked_before_never_matters(situation: Any, requests: list[Request]) -> None:
    """A policy remembers which of its statements are about an action."""
    used = compiled(situation)
    decisions = [decide(request, used) for request in requests]
    for request, decision in zip(requests, decisions, strict=True):
        fresh = decide(request, compiled(situation))
        assert (decision, decision.reasons) == (fresh, fresh.reasons)


@st.composite
def trusts(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    """A statement of a role's trust policy."""
    whom = st.sampled_from(["*", {"AWS": ACCOUNT}, {"AWS": SESSION}, {"Federated": COGNITO}])
    block = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "Action": draw(st.sampled_from(["sts:*", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"])),
        draw(st.sampled_from(["", "Not"])) + "Principal": draw(whom),
    }
    if draw(st.booleans()):
        block["Condition"] = {
            draw(st.sampled_from(["StringEquals", "ForAnyValue:StringLike"])): {"a:z": ["a", "${a:x}"]}
        }
    return block


ASSUMING = st.builds(
    Request,
    st.sampled_from([Principal("Federated", COGNITO), Principal("AWS", SESSION), Principal("AWS", USER)]),
    st.sampled_from(["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]),
    st.just(ROLE),
    st.sampled_from([ACCOUNT, OTHER_ACCOUNT]),
    CONTEXTS,
)


@some
@given(st.lists(trusts(), max_size=3), trusts("Deny"), ASSUMING, st.randoms(use_true_random=False))
def test_both_are_true_of_trust_policies(found: Any, more: Any, request: Request, random: Any) -> None:
    def outcome(*statements: Any) -> str:
        return decide(request, Policies(trust=compile_policy(document(*statements), kind="trust"))).outcome

    assert outcome(*found) == outcome(*random.sample(found, len(found)))
    assert outcome(*found) == "Allowed" or outcome(*found, more) != "Allowed"


@some
@given(situations(), REQUESTS)
def test_a_decision_always_says_why(situation: Any, request: Request) -> None:
    decision = decide(request, compiled(situation))
    assert all(reason.why for reason in decision.reasons)
    if decision.outcome == "Allowed":
        assert not decision.message
        assert any(reason.matched and reason.effect == "Allow" for reason in decision.reasons)
    else:
        assert request.action in decision.message
    denies = any(reason.matched and reason.effect == "Deny" for reason in decision.reasons)
    assert (decision.outcome == "ExplicitDeny") is denies


BUCKET = "arn:aws:s3:::b"
IN_AN_ARN = {"Resource": f"{BUCKET}/${{a:x}}/*"}
IN_A_CONDITION = {"Resource": "*", "Condition": {"StringLike": {"a:key": "${a:x}/*"}}}
EVERYTHING = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
WHERE = {
    "identity": lambda own: Policies((policy(own),)),
    "session": lambda own: Policies((EVERYTHING,), session=(policy(own),)),
    "boundary": lambda own: Policies((EVERYTHING,), boundaries=(policy(own),)),
    "resource": lambda own: Policies(resource=compile_policy(document({**own, "Principal": "*"}), kind="resource")),
}


@pytest.mark.parametrize("place", [IN_AN_ARN, IN_A_CONDITION], ids=["resource", "condition"])
@pytest.mark.parametrize("kind", WHERE)
@some
@given(value=st.text(alphabet="ab*?${}:/", min_size=1), other=st.text(alphabet="ab*?${}:/"))
def test_a_variables_value_is_never_a_wildcard_or_a_variable(
    kind: str, place: dict[str, Any], value: str, other: str
) -> None:
    """The attack: whoever chooses an id, a tag or a user name would choose what the policy means."""
    policies = WHERE[kind]({"Effect": "Allow", "Action": "*", **place})

    def may(key: str) -> bool:
        context = {"a:x": value, "a:key": key}
        return decide(
            Request(Principal("AWS", SESSION), "s3:GetObject", f"{BUCKET}/{key}", ACCOUNT, context), policies
        ).allowed

    assert may(f"{value}/")
    assert may(other) is other.startswith(f"{value}/")


@pytest.mark.parametrize("place", [IN_AN_ARN, IN_A_CONDITION], ids=["resource", "condition"])
@some
@given(value=st.text(alphabet="ab*?${}:/", min_size=1), other=st.text(alphabet="ab*?${}:/"))
def test_nor_does_it_deny_more_or_less(place: dict[str, Any], value: str, other: str) -> None:
    """The attack: a value that takes what it stands for out of a Deny."""
    policies = Policies((EVERYTHING, policy({"Effect": "Deny", "Action": "*", **place})))
    context = {"a:x": value, "a:key": other}
    asked = Request(Principal("AWS", SESSION), "s3:GetObject", f"{BUCKET}/{other}", ACCOUNT, context)
    assert decide(asked, policies).allowed is not other.startswith(f"{value}/")


@some
@given(st.text(alphabet="ab*?", max_size=12), st.text(alphabet="ab*?\n", max_size=12))
def test_wildcards_mean_what_a_regular_expression_would(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    assert Pattern.compile(pattern).matches(text) is (re.fullmatch(expression, text, re.DOTALL) is not None)
