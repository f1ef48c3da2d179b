"""Whatever JSON a policy is, and whatever texts a request has: an answer or a ValueError, and when in doubt no."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.decide import answer
from localcloud.iam import Policies, Policy, PolicyError, Principal, Request, compile_policy, decide
from localcloud.iam.policy import PolicyKind

many = settings(max_examples=150, deadline=None)

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["*", "s3:*", "s3:GetObject", "arn:aws:s3:::b/*", "arn:aws:iam::123456789012:root", "${a:x}", "${a", "$", "?"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
ELEMENTS = "Version Id Statement Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition"
INNER = (
    "AWS Federated Service StringLike ForAllValues:StringEquals Null Bool IpAddress DateLessThan NumericEquals ArnLike"
)
NAMES = st.sampled_from([*ELEMENTS.split(), *INNER.split(), "BinaryEquals", "aws:username", "a:x"])
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=5),
    max_leaves=25,
)
KINDS = st.sampled_from(["identity", "resource", "trust"])


@st.composite
def near_policies(draw: st.DrawFn) -> Any:
    """A policy that is right but for one or two of its elements, which are anything."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    for _ in range(draw(st.integers(0, 2))):
        statement[draw(NAMES)] = draw(ANY)
    document: dict[str, Any] = {"Version": "2012-10-17", "Statement": draw(st.sampled_from([statement, [statement]]))}
    if draw(st.booleans()):
        document[draw(NAMES)] = draw(ANY)
    return document


def compiled(document: Any, kind: PolicyKind) -> Policy | None:
    try:
        return compile_policy(document, "any", kind)
    except PolicyError:
        return None


@many
@given(document=ANY | near_policies(), kind=KINDS)
def test_any_json_is_a_policy_or_a_policy_error(document: Any, kind: PolicyKind) -> None:
    as_value, as_text = compiled(document, kind), compiled(json.dumps(document), kind)
    assert (as_value is None) == (as_text is None)


@many
@given(text=TEXTS | st.text())
def test_any_text_is_a_policy_or_a_policy_error(text: str) -> None:
    compiled(text, "identity")


@many
@given(
    document=near_policies(),
    kind=KINDS,
    principal=st.builds(
        Principal, st.sampled_from(["AWS", "Federated", "Service", "Anonymous"]), TEXTS | st.just("123456789012")
    ),
    action=TEXTS,
    resource=TEXTS,
    account=TEXTS,
    context=st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=4),
)
def test_any_request_is_decided_or_a_value_error(
    document: Any, kind: PolicyKind, principal: Principal, action: str, resource: str, account: str, context: Any
) -> None:
    policy = compiled(document, kind)
    request = Request(principal, action, resource, account, context)
    held: Any = policy if kind != "identity" else ([policy] if policy else [])
    try:
        decision = decide(request, Policies(**{kind: held}))
        assert decision.reasons is not None
        # Nothing that could be read: nothing is allowed, but what is allowed to everyone who has an account.
        if policy is None and not principal.value.isdigit() and "root" not in principal.value:
            assert decision.outcome == "ImplicitDeny" or action.lower() == "sts:getcalleridentity"
        if policy is not None and kind == "trust":
            decide(request, Policies(trust=policy))
    except ValueError:
        pass


@many
@given(line=ANY | st.fixed_dictionaries({"principal": ANY, "request": ANY, "identity_policies": ANY}))
def test_any_line_of_decide_is_answered(line: Any) -> None:
    answered = answer(json.dumps(line))
    assert (answered["decision"] is None) == (answered["error"] is not None)


@pytest.mark.parametrize("depth", [100, 900, 990, 5_000, 200_000])
@pytest.mark.parametrize("element", ["Effect", "Action", "Resource", "Condition", "Sid", "Version"])
def test_a_document_that_is_nested_deep_is_a_policy_error(element: str, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    statement = {"Effect": '"Allow"', "Action": '"*"', "Resource": '"*"', element: deep}
    inner = ", ".join(f'"{name}": {value}' for name, value in statement.items())
    assert compiled(f'{{"Statement": {{{inner}}}}}', "identity") is None
    deep = '{"a": ' * depth + "1" + "}" * depth
    assert compiled(f'{{"Statement": [{{"Condition": {deep}}}]}}', "identity") is None


def test_a_huge_document_is_read_or_refused() -> None:
    many_statements = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b/{n}"} for n in range(9_999)
    ]
    assert compiled({"Version": "2012-10-17", "Statement": many_statements}, "identity") is not None
    assert compiled('"' + "a" * 5_000_000 + '"', "identity") is None
    assert compiled("1" * 5_000, "identity") is None
