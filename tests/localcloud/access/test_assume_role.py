"""One function decides who becomes a role without its keys, and what the session then carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.access import credentials
from localcloud.access.assume_role import assume_role
from localcloud.access.credentials import RoleSession
from localcloud.access.function_role import function_credentials
from localcloud.access.refusals import RefusedError
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.iam.request import Principal
from localcloud.seal import Sealer
from localcloud.store import Store

NOW = 1_800_000_000.0
POOL = Principal("Federated", "cognito-identity.amazonaws.com")
ACTION = "sts:AssumeRoleWithWebIdentity"
AUD = "cognito-identity.amazonaws.com:aud"


@dataclass(frozen=True)
class AnyRole:
    """A role as the engine gives it."""

    trust_policy: Mapping[str, Any]
    arn: str = "arn:aws:iam::000000000000:role/app/r"
    role_id: str = "AROAEXAMPLE"
    max_session_seconds: int = 3600


def trusting(*actions: str, principal: Any = None, **condition: Any) -> AnyRole:
    """A role that trusts the pool, or another principal, to do these things."""
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"Federated": POOL.value},
        "Action": list(actions),
        "Condition": condition or {"StringEquals": {AUD: "pool-1"}},
    }
    return AnyRole({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def ctx() -> Context:
    return Context(Cloud(Store(None, credentials.KINDS), Clock(source=lambda: NOW), Sealer(b"for tests")))


def take(ctx: Context, role: AnyRole, **changes: Any) -> RoleSession:
    """A session for the pool's user."""
    request = {"seconds": 3600, "request_context": {AUD: "pool-1"}, **changes}
    return assume_role(ctx, role, POOL, ACTION, "session", **request)


def refusal(ctx: Context, role: AnyRole, **changes: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        take(ctx, role, **changes)
    assert ctx.store.count(RoleSession) == 0, "nothing is issued"
    return caught.value


def test_a_trusted_principal_gets_a_session(ctx: Context) -> None:
    session = take(ctx, trusting(ACTION), session_context={AUD: "pool-1"})
    assert credentials.find(ctx.store, session.access_key) == session
    assert session.context[AUD] == "pool-1"
    assert session.expires == NOW + 3600


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        (trusting(ACTION), {"request_context": {AUD: "pool-2"}}),
        (trusting(ACTION), {"request_context": {}}),
        (trusting("sts:AssumeRole"), {}),
        (trusting(ACTION, principal={"Service": POOL.value}), {}),
        (trusting(ACTION, principal={"Federated": "accounts.google.com"}), {}),
        (trusting(ACTION, StringEquals={"sts:RoleSessionName": "another"}), {}),
        (trusting(ACTION, DateLessThan={"aws:CurrentTime": "2027-01-01T00:00:00Z"}), {}),
    ],
)
def test_attack_a_role_that_does_not_trust_whoever_asks(ctx: Context, role: AnyRole, changes: dict[str, Any]) -> None:
    """Rules 48, 51."""
    refused = refusal(ctx, role, **changes)
    assert (refused.code, refused.status) == ("AccessDenied", 403)
    assert refused.message == "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    assert [finding.decision.allowed for finding in refused.findings] == [False]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"Version": "2012-10-17", "Statement": "all"},
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "When": "now"}]},
        trusting(ACTION, StringMatchesSomehow={AUD: "pool-1"}).trust_policy,
    ],
)
def test_attack_a_trust_policy_that_cannot_be_read(ctx: Context, document: dict[str, Any]) -> None:
    assert refusal(ctx, AnyRole(document)).code == "AccessDenied"


def test_tags_ask_the_same_trust_policy(ctx: Context) -> None:
    """Rule 49."""
    refused = refusal(ctx, trusting(ACTION), tags={"team": "red"})
    assert refused.message == "Not authorized to perform sts:TagSession"
    assert [finding.request.action for finding in refused.findings] == [ACTION, "sts:TagSession"]
    red = trusting(ACTION, "sts:TagSession", StringEquals={"aws:RequestTag/team": "red"})
    assert refusal(ctx, red, tags={"team": "blue"})
    limited = trusting(ACTION, "sts:TagSession", **{"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}})
    assert refusal(ctx, limited, tags={"team": "red", "clearance": "top"})
    session = take(ctx, red, tags={"team": "red"}, transitive_tag_keys=["team"])
    assert session.context["aws:PrincipalTag/team"] == "red"
    assert session.transitive_tags == {"team": "red"}


def test_a_source_identity_asks_the_same_trust_policy(ctx: Context) -> None:
    refused = refusal(ctx, trusting(ACTION), source_identity="ada")
    assert refused.message == "Not authorized to perform sts:SetSourceIdentity"
    named = trusting(ACTION, "sts:SetSourceIdentity", StringEquals={"sts:SourceIdentity": "ada"})
    assert refusal(ctx, named, source_identity="bob")
    assert take(ctx, named, source_identity="ada").source_identity == "ada"


def test_attack_a_token_that_says_how_the_session_is_called_or_tagged(ctx: Context) -> None:
    """Attack: condition keys of our own among those of a provider."""
    forged = {AUD: "pool-1", "sts:RoleSessionName": "admin", "aws:PrincipalTag/team": "red", "aws:userid": "root"}
    only_admin = trusting(ACTION, StringEquals={"sts:RoleSessionName": "admin"})
    assert refusal(ctx, only_admin, request_context=forged)
    tagging = trusting(ACTION, "sts:TagSession")
    session = take(ctx, tagging, session_context=forged, tags={"team": "blue"})
    assert session.context["aws:PrincipalTag/team"] == "blue"
    assert session.context["aws:userid"] == "AROAEXAMPLE:session"


def test_a_function_runs_as_a_role_that_trusts_lambda(ctx: Context) -> None:
    lambda_service = {"Service": "lambda.amazonaws.com"}
    always = {"Null": {"aws:PrincipalTag/none": "true"}}
    trusted = trusting("sts:AssumeRole", principal=lambda_service, **always)
    ctx.cloud.roles = {trusted.arn: trusted}.get
    keys = function_credentials(ctx, trusted.arn, "api")
    session = credentials.find(ctx.store, keys["AWS_ACCESS_KEY_ID"])
    assert session is not None
    assert session.arn.endswith(":assumed-role/r/api")
    ctx.cloud.roles = {trusted.arn: trusting(ACTION)}.get
    with pytest.raises(RefusedError, match="cannot be assumed by Lambda") as refused:
        function_credentials(ctx, trusted.arn, "api")
    assert refused.value.findings
    with pytest.raises(RefusedError, match="cannot be assumed by Lambda"):
        function_credentials(ctx, "arn:aws:iam::000000000000:role/missing", "api")
