"""What other people's pages and links try: to sign somebody in as somebody else, to run a script, to frame a page."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages, providers
from tests.browser.app import App, Authorization, claims_of
from tests.browser.conftest import NewPage
from tests.browser.people import add_user
from tests.browser.windows import Windows
from tests.journeys.people import PASSWORD

SCRIPT = (
    "\"'></title></style></textarea><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>{{7*1234567}}"
)


@pytest.mark.parametrize("whose", ["own", "another"])
def test_a_code_of_a_provider_counts_in_its_own_browser_only(
    whose: str, app: App, page: Page, new_page: NewPage, email: str
) -> None:
    """Attack: login CSRF, a link with the attacker's own answer of Google."""
    authorization = app.begin()
    page.goto(authorization.url)
    pages.provider(page, "Google").click()
    form: dict[str, Any] = {"email": email, "name": "Some Body", "email_verified": "true", **query_of(page.url)}
    answer = page.request.post(page.url.partition("?")[0], form=form, max_redirects=0)
    window = page if whose == "own" else visited(app, new_page())
    window.goto(answer.headers["location"])
    settle(window, authorization, may=whose == "own")


@pytest.mark.parametrize("whose", ["own", "another"])
def test_a_saml_response_counts_in_its_own_browser_only(
    whose: str, app: App, page: Page, new_page: NewPage, email: str
) -> None:
    """Attack: the same with a SAML response, which the attacker's page posts. In its own browser it counts."""
    authorization = app.begin()
    page.goto(authorization.url)
    pages.provider(page, "Saml").click()
    page.route("**/saml2/idpresponse", lambda route: route.abort())
    with page.expect_event("requestfailed") as sent:
        providers.choose(page, email)
    page.unroute_all()
    path = f"/posting/{email}"
    app.site.pages[path] = form_page(sent.value.url, dict(parse_qsl(sent.value.post_data or "")))
    window = page if whose == "own" else visited(app, new_page())
    window.goto(app.site.url(path))
    window.get_by_role("button").click()
    settle(window, authorization, may=whose == "own")


@pytest.mark.parametrize("token", ["", "the attacker's"])
def test_the_sign_in_form_is_taken_from_its_own_page_only(
    token: str, app: App, page: Page, new_page: NewPage, root: Any, email: str
) -> None:
    """Attack: login CSRF, a foreign page that signs its visitors in to the attacker's account."""
    add_user(app, root, email)
    authorization, attacker = app.begin(), new_page()
    attacker.goto(authorization.url)
    known = attacker.locator("form#sign-in [name=_csrf]").input_value()
    form = {"username": email, "password": PASSWORD, **({"_csrf": known} if token else {})}
    path = f"/posting/{email}"
    app.site.pages[path] = form_page(authorization.page("/login"), form)
    window = visited(app, page)
    window.goto(app.site.url(path))
    window.get_by_role("button").click()
    settle(window, authorization, may=False)


def test_no_parameter_becomes_a_script(app: App, page: Page, root: Any, email: str) -> None:
    add_user(app, root, email)
    given = dict.fromkeys(("state", "nonce", "login_hint", "lang", "ui_locales", "anything"), SCRIPT)
    authorization = app.begin(**given)
    page.goto(authorization.url)
    assert page.locator("form#sign-in [name=username]").input_value() == SCRIPT
    for link in ("/signup", "/forgotPassword"):
        page.goto(authorization.page(link))
        expect(page.locator("form")).to_be_visible()
        check_nothing_ran(page)
    page.goto(authorization.page("/login"))
    pages.sign_in(page, SCRIPT)
    expect(page.get_by_role("alert")).to_contain_text("not right")
    check_nothing_ran(page)
    pages.sign_in(page, email)
    page.wait_for_url(f"{app.callback}?**")
    assert query_of(page.url)["state"] == SCRIPT


@pytest.mark.parametrize("parameter", ["client_id", "redirect_uri", "response_type", "scope", "identity_provider"])
def test_no_error_becomes_a_script(parameter: str, app: App, page: Page) -> None:
    page.goto(app.begin(**{parameter: SCRIPT}).url)
    expect(page.locator("h1")).to_be_visible()
    check_nothing_ran(page)
    assert "script" not in page.locator("body").inner_text()


def test_a_provider_that_answers_with_a_script_gets_it_to_the_app_as_text(app: App, page: Page) -> None:
    authorization = app.begin()
    page.goto(authorization.url)
    pages.provider(page, "Google").click()
    state = query_of(page.url)["state"]
    page.goto(app.url("/oauth2/idpresponse", state=state, error=SCRIPT, error_description=SCRIPT))
    page.wait_for_url(f"{app.callback}?**")
    check_nothing_ran(page)


def test_no_page_shows_in_a_frame(app: App, page: Page, windows: Windows) -> None:
    """Attack: clickjacking, a page under the attacker's own."""
    app.site.pages["/framing"] = f"<!doctype html><title>f</title><iframe src='{escape(app.begin().url)}'></iframe>"
    page.goto(app.site.url("/framing"))
    assert page.frames[1].locator("form").count() == 0
    assert "frame-ancestors 'none'" in windows.complaints.pop()


def check_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    assert "8641969" not in page.locator("body").inner_text()


def visited(app: App, page: Page) -> Page:
    """A window of somebody who has been to the sign-in page: it has a cookie of its own."""
    page.goto(app.begin().url)
    return page


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def form_page(action: str, values: dict[str, str]) -> str:
    """A page of another site whose button posts a form."""
    fields = "".join(
        f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>" for name, value in values.items()
    )
    return f"<!doctype html><title>p</title><form method='post' action='{escape(action)}'>{fields}<button>Go</button>"


def settle(page: Page, authorization: Authorization, *, may: bool) -> None:
    """Either the app gets its code, or the browser an error page, and nobody is signed in."""
    if may:
        assert "email" in claims_of(authorization.tokens(page)["id_token"])
        return
    expect(page.locator("#reference")).to_be_visible()
    assert "cognito" not in {cookie.get("name") for cookie in page.context.cookies()}
