"""One engine for each test module: importing it takes longer than most tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.localcloud.aws.local_engine import LocalEngine


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    """A running engine with nothing in it."""
    with LocalEngine(tmp_path_factory.mktemp("engine")) as running:
        yield running
