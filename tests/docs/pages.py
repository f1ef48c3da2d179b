"""Reads the pages: their fenced blocks, links, headings and inline code.

How a page marks its blocks up, unseen by its readers (`reader.py` does what they say):

- `sh`: commands, run where they are quick and only looked up where they are not
- `python`: run in order, one namespace for each page; with a first line `# path/to/file`, an excerpt of that file
- `ts`, `yaml`: always an excerpt
- `json`: read
- `text`: nothing is done with it
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/*.md", "cloudformation/README.md", "mobile_sdk_samples/README.md")
    for path in ROOT.glob(pattern)
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `line` is where its text begins."""

    page: str
    line: int
    language: str
    text: str


@cache
def read(page: str) -> str:
    """A page's text."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """The fenced blocks, in order."""
    fences = re.finditer(r"^```(\w*)\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL)
    return [Block(page, read(page)[: found.start(2)].count("\n") + 1, found[1], found[2]) for found in fences]


def prose(page: str) -> str:
    """The page without its blocks."""
    return re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)


def inline_code(page: str) -> list[str]:
    """What stands between single backticks, outside the blocks."""
    return [code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", prose(page))]


def links(page: str) -> list[str]:
    """Where the page's links and pictures point."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(page)) + re.findall(r"<(https?://[^>\s]+)>", prose(page))


def anchors(page: str) -> set[str]:
    """The anchors of the page's headings, by the rule of GitHub."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
