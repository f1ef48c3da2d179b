"""A browser for each test worker, a cloud with its own Google, Facebook and SAML provider, and apps in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import app as apps
from tests.browser.app import App
from tests.browser.chromium import Chromium, find, launched
from tests.browser.scripts import Scripts, load
from tests.browser.site import Site, serving
from tests.browser.windows import Windows
from tests.journeys.people import root_client
from tests.journeys.pools import Pool
from tests.local_cloud import LocalCloud

NewPage: TypeAlias = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Skip each test where there is no browser: here and not in a fixture, so that pytest says so in one line."""
    find()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of this worker."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """The browser, ready for this test."""
    with chromium.driven() as browser:
        yield browser


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """All windows of a test; what a browser complains about in any of them fails it."""
    windows = Windows(browser)
    yield windows
    windows.close()
    assert windows.complaints == []


@pytest.fixture
def new_page(windows: Windows) -> NewPage:
    """Opens another window, of somebody else: nothing is shared with the others. Options are Playwright's."""
    return windows.open


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A window of somebody who has never been here."""
    return new_page()


@pytest.fixture(scope="session")
def scripts() -> Scripts:
    """What tests run inside of pages."""
    return load()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The whole backend with the stand-ins, shared by the tests of one worker."""
    running = LocalCloud(tmp_path_factory.mktemp("cloud"), ("--stand-ins",)).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The web site of the app."""
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def app(cloud: LocalCloud, site: Site) -> App:
    """An app of the stack's user pool, whose users own a folder of the bucket; with Google, Facebook and SAML."""
    return apps.of_stack(cloud, site)


@pytest.fixture(scope="session")
def strict_app(cloud: LocalCloud, site: Site) -> App:
    """An app of a pool that asks everybody for a second factor, but on a device that its user wants remembered."""
    devices = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
    pool = Pool.make(cloud, DeviceConfiguration=devices)
    pool.take_totp("ON")
    return apps.of_pool(cloud, site, pool.id)


@pytest.fixture(scope="session")
def root(cloud: LocalCloud) -> Any:
    """User pools, as the root."""
    return root_client(cloud, "cognito-idp")
