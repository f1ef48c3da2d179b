"""A cloud in memory that really fetches, and a stand-in for the providers that it fetches from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.federation.fetch import fetch
from localcloud.federation.models import KINDS, OpenIdProvider
from localcloud.seal import Sealer
from localcloud.store import Store
from tests.localcloud.federation.stand_in import StandIn

NOW = 1_800_000_000.0
CLIENT = "app-1.apps.example.com"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def ctx() -> Context:
    cloud = Cloud(
        Store(None, KINDS), Clock(source=lambda: NOW), Sealer(b"for tests"), random=random.Random(7).randbytes
    )
    cloud.fetch = fetch
    return Context(cloud)


@pytest.fixture
def provider(ctx: Context, stand_in: StandIn) -> OpenIdProvider:
    """The stand-in, registered in IAM for one client."""
    found = OpenIdProvider(
        f"arn:aws:iam::000000000000:oidc-provider/{stand_in.host}", stand_in.url, [CLIENT], [], created=NOW
    )
    ctx.store.insert(found)
    return found


def claims(issuer: str, **changes: Any) -> dict[str, Any]:
    """The claims of a good ID token; `None` takes one away."""
    good = {"iss": issuer, "sub": "user-ada", "aud": CLIENT, "iat": int(NOW), "exp": int(NOW) + 600}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}
