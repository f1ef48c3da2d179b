"""Attack: an SVG logo that runs a script, follows a link or swells. Only drawings pass."""

from __future__ import annotations

import pytest

from localcloud.userpool.branding.svg import is_harmless
from tests.localcloud.userpool.pictures import SVG_TEXT

OPEN = '<svg xmlns="http://www.w3.org/2000/svg">'


@pytest.mark.parametrize(
    "inside",
    [
        "",
        '<defs><linearGradient id="a"><stop offset="1" stop-color="#fff"/></linearGradient></defs>',
        '<a href="#top"><text x="1">Gate</text></a>',
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        "<!-- drawn by hand -->",
    ],
)
def test_drawings_pass(inside: str) -> None:
    assert is_harmless(f"{OPEN}{inside}</svg>".encode())
    assert is_harmless(SVG_TEXT)


@pytest.mark.parametrize(
    "document",
    [
        f"{OPEN}<script>alert(1)</script></svg>",
        f"{OPEN}<foreignObject/></svg>",
        f'{OPEN}<path onload="alert(1)"/></svg>',
        f'{OPEN}<a href="javascript:alert(1)"/></svg>',
        f'{OPEN}<a href=" JavaScript:alert(1)"/></svg>',
        f'{OPEN}<image href="https://evil.example/pixel.png"/></svg>',
        f'{OPEN}<image href="data:image/svg+xml;base64,PHN2Zy8+"/></svg>',
        f'{OPEN}<use href="#a"/></svg>',
        '<svg xmlns:x="http://www.w3.org/1999/xlink"/>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        "<html><body/></html>",
        "<svg>",
        "",
        "GIF89a",
    ],
)
def test_all_else_does_not(document: str) -> None:
    assert not is_harmless(document.encode())
    assert not is_harmless(document.encode("utf-16"))
