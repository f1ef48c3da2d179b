"""How the pages of a client look: what its style says, as values that are safe in a style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import classic, classic_css, images, styles
from localcloud.userpool.branding.defaults import DEFAULTS
from localcloud.userpool.branding.images import Image
from localcloud.userpool.branding.properties import CLASSIC, COLOURS, IMAGES, LENGTHS
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.providers.federation_state import Branding, UiCustomization

_COLOUR = re.compile(r"[0-9a-fA-F]{8}", re.ASCII)
_CLASSIC_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,24}|(?:rgb|hsl)a?\([0-9., %]{1,40}\)", re.ASCII | re.IGNORECASE
)
_WIDEST = 200
"""Pixels of a border radius that still makes sense."""

_SCHEMES = {"LIGHT": "light", "DARK": "dark"}


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look. `light` and `dark` are CSS custom properties, by name without `--`; light has all lengths.

    The names are those of `properties`; only classic CSS has `banner`, `input-text` and `error-text`.
    `scheme` is a value of CSS `color-scheme`: `light`, `dark`, or both where the browser decides. `images` are by name:
    `logo`, `header-logo`, `background`, `favicon`, each with `-dark` where dark mode has one of its own.
    """

    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "light dark"
    images: Mapping[str, Image] = field(default_factory=dict)

    @property
    def css(self) -> str:
        """The custom properties as a style sheet."""
        light, dark = _block(self.light), _block(self.dark)
        if self.scheme == "dark":
            return f":root{{color-scheme:dark;{light}{dark}}}"
        both = f":root{{color-scheme:{self.scheme};{light}}}"
        return both if self.scheme == "light" else f"{both}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def look(ctx: Context, pool: UserPool, client: AppClient) -> Look:
    """The look of a client's pages: its style, or for classic pages its own CSS or the pool's; else the default."""
    kept = _kept(ctx, pool, client)
    return _of_classic(kept) if isinstance(kept, UiCustomization) else _of_style(kept)


def images_of(ctx: Context, pool: UserPool, client: AppClient) -> Mapping[str, Image]:
    """The images of that look by themselves: a page has those in it; the many colours, only its style sheet."""
    kept = _kept(ctx, pool, client)
    return _classic_images(kept) if isinstance(kept, UiCustomization) else _style_images(kept)


def _kept(ctx: Context, pool: UserPool, client: AppClient) -> Branding | UiCustomization | None:
    domain = domains.of_pool(ctx, pool.id)
    if domain is not None and domain.version == domains.MANAGED_LOGIN:
        return styles.of_client(ctx, client.id)
    return classic.find(ctx, pool.id, client.id)


def _of_style(style: Branding | None) -> Look:
    settings = styles.merge(DEFAULTS, style.settings if style else {})
    lengths = {name: f"{value:g}px" for name, value in _lengths(settings)}
    return Look(
        light=dict(_colours(settings, "lightMode")) | lengths,
        dark=dict(_colours(settings, "darkMode")),
        scheme=_SCHEMES.get(str(_at(settings, "categories.global.colorSchemeMode")), "light dark"),
        images=_style_images(style),
    )


def _style_images(style: Branding | None) -> Mapping[str, Image]:
    return dict(_images(styles.merge(DEFAULTS, style.settings), style.assets)) if style else {}


def _of_classic(kept: UiCustomization) -> Look:
    default = _of_style(None)
    values = classic_css.parse(kept.css)
    chosen = {name: values.get(place, "") for name, place in CLASSIC.items()}
    # As in `_colours`: what was stored is checked again, by the one who writes it into a style sheet.
    light = {**default.light} | {name: value for name, value in chosen.items() if _CLASSIC_COLOUR.fullmatch(value)}
    # Classic CSS knows one mode: half of it on dark pages could not be read.
    return Look(light=light, scheme="light", images=_classic_images(kept))


def _classic_images(kept: UiCustomization) -> Mapping[str, Image]:
    return {"logo": classic.logo(kept)} if kept.image else {}


def _colours(settings: Mapping[str, Any], mode: str) -> Iterator[tuple[str, str]]:
    """Attack: a colour such as `red}input{background:url(…)`, which ends the rule it stands in and adds others."""
    for name, path in COLOURS.items():
        place = path.replace("MODE", mode)
        value = _at(settings, place)
        sound = isinstance(value, str) and _COLOUR.fullmatch(value)
        yield name, f"#{value if sound else _at(DEFAULTS, place)}"


def _lengths(settings: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, place in LENGTHS.items():
        value = _at(settings, place)
        sound = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _WIDEST
        yield name, value if sound else _at(DEFAULTS, place)


def _images(settings: Mapping[str, Any], assets: list[dict[str, Any]]) -> Iterator[tuple[str, Image]]:
    for asset in assets:
        shown = images.image(asset["Bytes"], asset["Extension"])
        suffix = "-dark" if asset["ColorMode"] == "DARK" else ""
        if asset["Category"] in ("FAVICON_ICO", "FAVICON_SVG"):
            yield f"favicon{suffix}", shown
        for name, (category, switch) in IMAGES.items():
            if asset["Category"] == category and _at(settings, switch) is True:
                yield name + suffix, shown


def _at(settings: Mapping[str, Any], path: str) -> Any:
    """The value at a path; None where anything on the way is something else."""
    value: Any = settings
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _block(properties: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in properties.items())
