"""The language of a page, the texts in it, and what each page has for people who do not see it or use no mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest

from localcloud.managed_login.pages import language, render
from localcloud.userpool.branding.appearance import look
from localcloud.userpool.models import AppClient
from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import CLIENT, PASSWORD, Site

ADA = "ada@example.com"
PAGES = Path(render.__file__).parent
FAMILIES = ("attribute_", "username_is_", "mfa_", "sign_in_by_")
"""Keys that are put together."""


def sources() -> str:
    found = [*PAGES.glob("*.py"), *(PAGES / "templates").iterdir(), *PAGES.parent.glob("endpoints/*.py")]
    return "\n".join(path.read_text() for path in found)


def test_every_language_has_the_same_texts_with_the_same_values() -> None:
    english = language.texts("en")
    for name in language.LANGUAGES:
        texts = language.texts(name)
        assert texts.keys() == english.keys()
        for key, text in texts.items():
            assert text.strip() == text != ""
            assert _values(text) == _values(english[key]), key


def _values(text: str) -> set[str | None]:
    return {value for _, value, _, _ in Formatter().parse(text) if value is not None}


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    texts, source = language.texts("en"), sources()
    unused = [key for key in texts if f'"{key}"' not in source and not key.startswith(FAMILIES)]
    assert unused == []
    assert [key for key in re.findall(r'\bt\("(\w+)"[,)]', source) if key not in texts] == []


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "expected"),
    [
        ("", "", "", "en"),
        ("", "", "ja", "ja"),
        ("", "", "de, fr;q=0.9", "en"),
        ("", "", "en;q=0.5, ja-JP", "ja"),
        ("", "", "ja;q=0, en", "en"),
        ("", "", "ja;q=x,,;=, en", "en"),
        ("", "", "*", "en"),
        ("ja", "", "en", "ja"),
        ("JA_jp", "", "", "ja"),
        ("xx", "ja", "en", "ja"),
        ("en", "ja", "ja", "en"),
        ("", "<b>", "ja", "ja"),
    ],
)
def test_the_language_is_the_one_that_was_asked_for(query: str, cookie: str, accepted: str, expected: str) -> None:
    site = Site.make()
    browser = site.browser(accept_language=accepted, **({"cookie": f"lang={cookie}"} if cookie else {}))
    page = browser.open(site.address(**({"lang": query} if query else {})))
    assert page.all("html")[0]["lang"] == expected
    assert page.title == {"en": "Sign in", "ja": "サインイン"}[expected]


def test_a_language_that_was_chosen_stays() -> None:
    site = Site.make()
    browser = site.browser(accept_language="en")
    page = browser.open(site.address())
    page = browser.open(page.link("日本語"))
    assert page.title == "サインイン"
    assert browser.open(site.address("/signup")).title == "アカウントを作成"
    browser.open(site.address())
    assert browser.submit("sign-in", username=ADA, password="x").error.startswith("ユーザー名または")


def confirm(site: Site, browser: Browser) -> Page:
    browser.open(site.address("/signup"))
    attributes = {"userAttributes.given_name": "Bob", "userAttributes.phone_number": "+81312345678"}
    return browser.submit(username="bob@example.com", password=PASSWORD, **attributes)


def at(path: str) -> Callable[[Site, Browser], Page]:
    return lambda site, browser: browser.open(site.address(path))


def totp(site: Site, browser: Browser) -> Page:
    site.take_totp("OPTIONAL")
    site.user(totp=True)
    return _sign_in(site, browser, PASSWORD)


def totp_setup(site: Site, browser: Browser) -> Page:
    site.take_totp("ON")
    site.user()
    return _sign_in(site, browser, PASSWORD)


def wrong_password(site: Site, browser: Browser) -> Page:
    return _sign_in(site, browser, "wrong")


def wrong_code(site: Site, browser: Browser) -> Page:
    totp_setup(site, browser)
    return browser.submit(code="000000")


def _sign_in(site: Site, browser: Browser, password: str) -> Page:
    browser.open(site.address())
    return browser.submit("sign-in", username=ADA, password=password)


def new_password(site: Site, browser: Browser) -> Page:
    site.call(
        "AdminCreateUser",
        UserPoolId=site.pool_id,
        Username=ADA,
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": ADA}],
        MessageAction="SUPPRESS",
    )
    return _sign_in(site, browser, PASSWORD)


def error_page(site: Site, browser: Browser) -> Page:
    return browser.open(site.address(client_id="nobody"))


ALL = [
    at("/login"),
    at("/signup"),
    at("/confirm"),
    at("/forgotPassword"),
    at("/confirmForgotPassword"),
    confirm,
    totp,
    totp_setup,
    wrong_password,
    wrong_code,
    new_password,
    error_page,
]
SCHEMA = [{"Name": "given_name", "Required": True}, {"Name": "phone_number", "Required": True}]
DEVICES = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}


@pytest.mark.parametrize("name", ["en", "ja"])
@pytest.mark.parametrize("go", ALL)
def test_a_page_can_be_read_and_used_by_everybody(go: Callable[[Site, Browser], Page], name: str) -> None:
    site = Site.make(DeviceConfiguration=DEVICES, Schema=SCHEMA)
    browser = site.browser(accept_language=name)
    page = go(site, browser)
    assert page.all("html")[0]["lang"] == name
    assert len(page.all("main")) == len(page.all("h1")) == len(page.all("title")) == 1
    ids = [element["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in page.all("label")}
    for form in page.forms.values():
        for found in form.inputs:
            if found["type"] != "hidden" and found.attributes.get("aria-hidden") != "true":
                assert found["id"] in labelled, found
                assert "autocomplete" in found.attributes or found["type"] in ("checkbox", "radio"), found
        assert form.buttons
        assert all(button.text for button in form.buttons)
    for element in page.elements:
        for reference in element.attributes.get("aria-describedby", "").split():
            assert reference in ids, reference
    assert sum("autofocus" in element.attributes for element in page.elements) <= 1
    assert all("alt" in image.attributes for image in page.all("img"))
    if page.error:
        alert = page.by_id("error")
        assert alert is not None
        assert alert["role"] == "alert"
        assert any("error" in e.attributes.get("aria-describedby", "").split() for e in page.elements)
        assert page.all("title")[0].text.startswith({"en": "Error: ", "ja": "エラー: "}[name])


@pytest.mark.parametrize("go", ALL)
def test_a_page_loads_nothing_from_elsewhere_and_has_no_script_or_style_inside(
    go: Callable[[Site, Browser], Page],
) -> None:
    site = Site.make(DeviceConfiguration=DEVICES, Schema=SCHEMA)
    browser = site.browser()
    page = go(site, browser)
    assert page.all("style") == []
    assert all(script.text == "" for script in page.all("script"))
    for element in page.elements:
        assert not any(name == "style" or name.startswith("on") for name in element.attributes)
    loaded = [e["src"] for e in page.elements if "src" in e.attributes] + [e["href"] for e in page.all("link")]
    own = [address for address in loaded if not address.startswith("data:")]
    assert all(address.startswith("/_aws/auth/shop/assets/") for address in own)
    for address in own:
        assert browser.open(f"http://127.0.0.1:4566{address}").status == 200


ON_FORM = ("text", "heading", "label", "hint", "description", "link", "link-hover")
PAIRS = [
    *((name, "form") for name in ON_FORM),
    ("label", "input"),
    ("heading", "error"),
    *(
        (f"{kind}{hover}-text", f"{kind}{hover}")
        for kind in ("primary", "secondary", "provider")
        for hover in ("", "-hover")
    ),
]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_colours_can_be_told_apart(mode: str) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11: text 4.5 to 1, borders of inputs and the focus 3 to 1."""
    site = Site.make()
    client = site.cloud.store.get(AppClient, CLIENT)
    assert client is not None
    chosen = look(site.context, site.pool, client)
    colours = {**chosen.light, **(chosen.dark if mode == "dark" else {})}
    for front, back in PAIRS:
        assert contrast(colours[front], colours[back]) >= 4.5, (front, back)
    for front in ("input-border", "focus", "error-border"):
        assert contrast(colours[front], colours["form"]) >= 3, front


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
