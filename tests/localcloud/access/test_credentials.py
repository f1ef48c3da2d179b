"""Role sessions are found by their access key, and nobody overrules who they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from localcloud.access import credentials
from localcloud.access.credentials import RoleSession
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.seal import Sealer
from localcloud.store import Store

NOW = 1_800_000_000.0


@dataclass(frozen=True)
class FunctionRole:
    """A role with a path."""

    arn: str = "arn:aws:iam::000000000000:role/functions/api"
    role_id: str = "AROAEXAMPLE"
    trust_policy: dict[str, Any] = field(default_factory=dict)
    max_session_seconds: int = 3600


@pytest.fixture
def ctx() -> Context:
    return context(None)


def context(folder: Path | None) -> Context:
    """A cloud that keeps role sessions in this folder, or in memory."""
    return Context(Cloud(Store(folder, credentials.KINDS), Clock(source=lambda: NOW), Sealer(b"for tests")))


def issue(ctx: Context, **options: Any) -> RoleSession:
    """A session of an hour."""
    return credentials.issue(ctx, FunctionRole(), "api", **{"seconds": 3600, "context": {}, **options})


def test_a_session_is_found_by_its_access_key(ctx: Context) -> None:
    session = issue(ctx)
    assert credentials.find(ctx.store, session.access_key) == session
    assert session.arn == "arn:aws:sts::000000000000:assumed-role/api/api"
    assert session.expires == NOW + 3600
    assert session.context["aws:userid"] == "AROAEXAMPLE:api"


def test_an_unknown_access_key_has_no_session(ctx: Context) -> None:
    issue(ctx)
    assert credentials.find(ctx.store, "ASIAAAAAAAAAAAAAAAAA") is None


def test_keys_secrets_and_tokens_are_never_the_same_twice(ctx: Context) -> None:
    sessions = [issue(ctx) for _ in range(20)]
    for name in ("access_key", "secret_key", "session_token"):
        assert len({getattr(session, name) for session in sessions}) == 20


def test_no_caller_overrules_who_the_session_is(ctx: Context) -> None:
    session = issue(ctx, context={"aws:PrincipalArn": "arn:aws:iam::000000000000:role/admin", "own:key": "kept"})
    assert session.context["aws:PrincipalArn"] == FunctionRole().arn
    assert session.context["own:key"] == "kept"


def test_a_session_outlives_a_restart(tmp_path: Path) -> None:
    before = context(tmp_path)
    session = issue(before, session_policies=[{"Version": "2012-10-17", "Statement": []}])
    before.store.close()
    after = context(tmp_path)
    assert credentials.find(after.store, session.access_key) == session
    after.store.close()
