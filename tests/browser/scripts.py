"""Scripts from npm that tests run inside of a page: a reader of QR codes, and a checker of accessibility rules."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import go_without

_FOLDER = Path(__file__).resolve().parent
_NO_NPM = "these browser tests need npm: https://nodejs.org, or your system's `npm` package"

_READ = """async image => {
    await image.decode();
    const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
    [canvas.width, canvas.height] = [400, 400];
    context.drawImage(image, 0, 0, 400, 400);
    return jsQR(context.getImageData(0, 0, 400, 400).data, 400, 400)?.data;
}"""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The sources. A page's policy does not stop what is evaluated from outside of it."""

    axe: str
    jsqr: str

    def violations(self, page: Page, *rules: str) -> list[str]:
        """What axe finds against its rules, or against these only; each with the elements that it is about."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe)
        options = {"runOnly": list(rules)} if rules else {}
        found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
        return [f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found["violations"]]

    def read_qr(self, page: Page, image: str) -> str:
        """The text in a picture, as a phone's camera reads it."""
        page.evaluate(self.jsqr)
        text: str = page.locator(image).evaluate(_READ)
        return text


def load() -> Scripts:
    """The scripts, installed if they are not yet. Skips the test where there is no npm, or fails it in CI."""
    if shutil.which("npm") is None:
        go_without(_NO_NPM)
    packages, lock = _FOLDER / "node_modules", _FOLDER.parents[1] / "build/browser-scripts.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released with the file; the other test workers wait here
        installed, wanted = packages / ".package-lock.json", _FOLDER / "package-lock.json"
        if not (installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime):
            subprocess.run(["npm", "ci", "--silent"], cwd=_FOLDER, check=True)
    return Scripts(
        axe=(packages / "axe-core/axe.min.js").read_text(),
        jsqr=(packages / "jsqr/dist/jsQR.js").read_text(),
    )
