"""Somebody with an account of the pool's own reaches the app, and the app reaches what is theirs."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.app import App, claims_of
from tests.browser.conftest import NewPage
from tests.browser.people import add_user, invite
from tests.browser.uploads import check_upload
from tests.journeys.people import PASSWORD
from tests.local_cloud import LocalCloud


def test_sign_up_to_upload(app: App, cloud: LocalCloud, page: Page, new_page: NewPage, email: str) -> None:
    authorization = app.begin()
    pages.with_account(page, authorization.url, cloud, email)
    tokens = authorization.tokens(page)
    assert claims_of(tokens["id_token"])["email"] == email
    check_upload(app, tokens)

    again, elsewhere = app.begin(), new_page()
    elsewhere.goto(again.url)
    pages.sign_in(elsewhere, email)
    assert claims_of(again.tokens(elsewhere)["id_token"])["sub"] == claims_of(tokens["id_token"])["sub"]


def test_a_forgotten_password_is_replaced(app: App, cloud: LocalCloud, page: Page, root: Any, email: str) -> None:
    add_user(app, root, email)
    authorization, chosen = app.begin(), "Another-Horse-8"
    page.goto(authorization.url)
    pages.forget(page, email)
    pages.reset(page, cloud.code(email), chosen)
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    pages.sign_in(page, email)
    expect(page.get_by_role("alert")).to_contain_text("not right")
    pages.sign_in(page, email, chosen)
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == email


def test_a_temporary_password_is_replaced(app: App, page: Page, new_page: NewPage, root: Any, email: str) -> None:
    temporary = "Temporary-Horse-9"
    invite(app, root, email, temporary)
    authorization = app.begin()
    page.goto(authorization.url)
    pages.sign_in(page, email, temporary)
    pages.choose_password(page, PASSWORD)
    assert claims_of(authorization.tokens(page)["id_token"])["email"] == email

    again, elsewhere = app.begin(), new_page()
    elsewhere.goto(again.url)
    pages.sign_in(elsewhere, email, temporary)
    expect(elsewhere.get_by_role("alert")).to_contain_text("not right")
