"""Shows what must be true of every policy and request, on random ones."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.iam import Policies, Policy, Principal, Request, compile_policy, decide
from localcloud.iam.match import Pattern
from tests.iam.scenario import ACCOUNT, OTHER_ACCOUNT, ROLE, ROOT, SESSION, USER, document, policy

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


@some
@given(st.text(alphabet="ab*?${}:/", min_size=1), st.text(alphabet="ab*?${}:/"))
def test_a_variables_value_is_never_a_wildcard_or_a_variable(value: str, other: str) -> None:
    """The attack: whoever chooses an id, a tag or a user name would choose what the policy means."""
    own = Policies((policy({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${a:x}/*"}),))

    def may(key: str) -> bool:
        asked = Request(Principal("AWS", SESSION), "s3:GetObject", f"arn:aws:s3:::b/{key}", ACCOUNT, {"a:x": value})
        return decide(asked, own).allowed

    assert may(f"{value}/")
    assert may(other) is other.startswith(f"{value}/")


@some
@given(st.text(alphabet="ab*?", max_size=12), st.text(alphabet="ab*?\n", max_size=12))
def test_wildcards_mean_what_a_regular_expression_would(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    assert Pattern.compile(pattern).matches(text) is (re.fullmatch(expression, text, re.DOTALL) is not None)
