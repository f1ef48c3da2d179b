"""A sign-in at a SAML provider, over a cloud in memory."""

from __future__ import annotations

import random

import pytest

from localcloud.clock import Clock
from localcloud.context import Cloud
from localcloud.managed_login.models import KINDS
from localcloud.seal import Sealer
from localcloud.store import Store
from tests.localcloud.federation.conftest import NOW
from tests.localcloud.relying_party.saml.trip import Trip


@pytest.fixture
def trip() -> Trip:
    cloud = Cloud(
        Store(None, KINDS), Clock(source=lambda: NOW), Sealer(b"for tests"), random=random.Random(7).randbytes
    )
    return Trip(cloud)
