"""Links to the terms documents of an app client, on the page where somebody makes an account."""

from __future__ import annotations

import pytest

from localcloud.userpool.configuration.domains import CLASSIC, MANAGED_LOGIN
from localcloud.userpool.models import Domain
from tests.localcloud.managed_login.pages_site import CLIENT, DOMAIN, Site

LINKS = {"cognito:default": "https://example.com/NAME?a=1&b=2", "cognito:japanese": "https://example.com/ja/NAME"}


@pytest.fixture
def site() -> Site:
    site = Site.make()
    site.cloud.store.put(Domain(DOMAIN, site.pool_id, MANAGED_LOGIN))
    return site


def add(site: Site, *names: str) -> None:
    for name in names:
        site.call(
            "CreateTerms",
            UserPoolId=site.pool_id,
            ClientId=CLIENT,
            TermsName=name,
            TermsSource="LINK",
            Enforcement="NONE",
            Links={language: url.replace("NAME", name) for language, url in LINKS.items()},
        )


def shown(site: Site, language: str) -> str:
    return site.browser().open(site.address("/signup", lang=language)).html


@pytest.mark.parametrize(
    ("language", "texts", "urls"),
    [
        ("en", ["you agree to:", "Terms of use", "Privacy policy"], ["terms-of-use?a=1&amp;b=2", "privacy-policy?a=1"]),
        (
            "ja",
            ["同意したことになります", "利用規約", "プライバシーポリシー"],
            ["ja/terms-of-use", "ja/privacy-policy"],
        ),
    ],
)
def test_both_documents_are_linked_in_the_language_of_the_page(
    site: Site, language: str, texts: list[str], urls: list[str]
) -> None:
    add(site, "terms-of-use", "privacy-policy")
    html = shown(site, language)
    for text in texts:
        assert text in html
    for url in urls:
        assert f'href="https://example.com/{url}' in html


def test_one_document_is_not_enough(site: Site) -> None:
    add(site, "terms-of-use")
    assert "example.com/" not in shown(site, "en")


def test_the_classic_pages_have_none(site: Site) -> None:
    add(site, "terms-of-use", "privacy-policy")
    site.cloud.store.put(Domain(DOMAIN, site.pool_id, CLASSIC))
    assert "example.com/" not in shown(site, "en")
