"""One engine for each test module, as importing it takes longer than most tests; and a cloud in memory without one."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from localcloud.aws import own_types
from localcloud.clock import Clock
from localcloud.context import Cloud, Context
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.userpool.models import KINDS
from tests.localcloud.aws.local_engine import LocalEngine


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    """A running engine with nothing in it."""
    with LocalEngine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture
def cognito_cloud() -> Iterator[Cloud]:
    """User pools and what templates made, in memory."""
    store = Store(None, (*KINDS, *own_types.KINDS))
    yield Cloud(
        store=store,
        clock=Clock(source=lambda: 1_790_000_000.0),
        sealer=Sealer(b"the sealing key of these tests"),
        random=random.Random(7).randbytes,
    )
    store.close()


@pytest.fixture
def ctx(cognito_cloud: Cloud) -> Context:
    """A call to it."""
    return Context(cognito_cloud)
