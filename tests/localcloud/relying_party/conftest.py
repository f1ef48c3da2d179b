"""A cloud in memory that really fetches, and a stand-in for the providers that it sends browsers to."""

from __future__ import annotations

import pytest

from localcloud.context import Context
from tests.localcloud.federation.conftest import ctx, stand_in
from tests.localcloud.federation.stand_in import StandIn
from tests.localcloud.relying_party.journey import Journey

__all__ = ["ctx", "journey", "stand_in"]


@pytest.fixture
def journey(ctx: Context, stand_in: StandIn) -> Journey:
    """A sign-in at the stand-in as an OpenID Connect provider."""
    return Journey(ctx.cloud, stand_in).discoverable()
