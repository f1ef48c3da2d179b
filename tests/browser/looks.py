"""A page as it looks: in which sizes and colours it is kept as a picture, and what must hold of it in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.browser.scripts import Scripts

PICTURES = Path(__file__).resolve().parents[2] / "build/screenshots"

_SIZES: Mapping[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
_NARROWEST: ViewportSize = {"width": 320, "height": 640}
_RULES: Mapping[Literal["light", "dark"], tuple[str, ...]] = {"light": (), "dark": ("color-contrast",)}
"""In the dark, only colours are others: there, these rules and not all of them."""

_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_CUT_OFF = """() => [...document.querySelectorAll('main *')]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && element.type !== 'hidden')
    .map(element => element.outerHTML.slice(0, 100))"""


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at pages in one language."""

    scripts: Scripts
    language: str

    def check(self, page: Page, name: str) -> None:
        """Keep pictures of the page, and check its language, its width on a small phone, and axe's rules."""
        page.locator("h1").wait_for()
        assert page.locator("html").get_attribute("lang") == self.language
        page.mouse.move(0, 0)  # nothing is hovered over
        page.set_viewport_size(_NARROWEST)
        assert (page.evaluate(_TOO_WIDE), page.evaluate(_CUT_OFF)) == (0, []), f"{name} is wider than a small phone"
        for colour, rules in _RULES.items():
            page.emulate_media(color_scheme=colour)
            for device, size in _SIZES.items():
                page.set_viewport_size(size)
                self._keep(page, f"{name}-{self.language}-{device}-{colour}")
            assert self.scripts.violations(page, *rules) == [], f"{name}, {colour}"

    def _keep(self, page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        # Hiding the caret would put a style into the page, which its policy forbids.
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True, caret="initial", scale="css")
