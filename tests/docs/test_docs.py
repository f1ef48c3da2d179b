"""Every command and code block of the docs works, in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, blocks, read
from tests.docs.reader import Reader
from tests.local_cloud import LocalCloud

# Their clients go by this machine's clock: a TokenVerifier, an authenticator app. Other pages move their cloud's.
BY_REAL_TIME = ("docs/recovery.md", "docs/sign-in.md")


@pytest.fixture(scope="module")
def unmoved_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A cloud whose clock nobody moves."""
    running = LocalCloud(tmp_path_factory.mktemp("docs")).start()
    yield running
    running.stop()


@pytest.mark.parametrize("page", [page for page in PAGES if any(block.language != "text" for block in blocks(page))])
def test_a_page_does_what_it_says(
    page: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud: LocalCloud = request.getfixturevalue("unmoved_cloud" if page in BY_REAL_TIME else "cloud")
    reader = Reader(cloud, tmp_path / "project", monkeypatch)
    reader.home.mkdir()
    reader.settle_in()
    if 'sign_up("ada@example.com"' not in read(page):
        reader.sign_up()
    for block in blocks(page):
        reader.do(block)
