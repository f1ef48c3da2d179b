"""Everything can be reached and done by keyboard, one sees where one is, and nothing needs a script."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.app import App, claims_of
from tests.browser.conftest import NewPage
from tests.browser.people import add_user
from tests.journeys.people import PASSWORD
from tests.local_cloud import LocalCloud

_FOCUSABLE = "a[href], button, input:not([type=hidden])"

_FOCUSED = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return {
        number: [...document.querySelectorAll(FOCUSABLE)].indexOf(element),
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        seen: box.top >= 0 && box.bottom <= innerHeight && box.width > 0,
    };
}""".replace("FOCUSABLE", repr(_FOCUSABLE))


def test_sign_in(app: App, page: Page, root: Any, email: str) -> None:
    add_user(app, root, email)
    authorization = app.begin()
    page.goto(authorization.url)
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == email


def test_choice_of_a_provider(app: App, page: Page) -> None:
    authorization = app.begin()
    page.goto(authorization.url)
    expect(page.get_by_label("E-mail address")).to_be_focused()
    while not pages.provider(page, "Google").evaluate("element => element === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stand-ins/google/**")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == "ada@example.com"


def test_the_tab_key_goes_through_everything_in_order(app: App, page: Page) -> None:
    page.goto(app.begin().url)
    expect(page.get_by_role("button", name="Show")).to_be_visible()
    stops = [page.evaluate(_FOCUSED)]
    for _ in range(page.locator(_FOCUSABLE).count()):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_FOCUSED))
    # Between the last and the first is the browser's own bar.
    begin = stops.index(None)
    stops = stops[begin + 1 :] + stops[:begin]
    assert [stop["number"] for stop in stops] == list(range(len(stops)))
    assert [stop for stop in stops if stop["outline"] < 2 or not stop["seen"]] == []


def test_no_page_needs_a_script(app: App, cloud: LocalCloud, new_page: NewPage, email: str) -> None:
    page, authorization = new_page(java_script_enabled=False), app.begin()
    pages.with_account(page, authorization.url, cloud, email)
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == email


def test_a_company_needs_no_script(app: App, new_page: NewPage, email: str) -> None:
    page, authorization = new_page(java_script_enabled=False), app.begin()
    page.goto(authorization.url)
    pages.provider(page, "Saml").click()
    page.locator("[data-person='ada@example.com']").click()
    page.get_by_role("button", name="Continue").click()
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == "ada@example.com"
