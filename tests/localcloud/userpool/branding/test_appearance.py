"""How pages look: a client's style, classic CSS or the default, as values that cannot leave the rule they stand in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from localcloud.userpool.branding import appearance, properties
from localcloud.userpool.branding.appearance import Look
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import UiCustomization
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.pictures import PNG, SVG, SVG_TEXT

SAFE = re.compile(r"(:root\{color-scheme:[a-z ]+;(--[a-z-]+:(#[0-9a-f]{8}|[0-9.]+px);)+\}|@media [a-z:()-]+\{|\})+")
"""A style sheet of colours and lengths, and nothing else."""


class Pages:
    """A client of a pool with a domain."""

    def __init__(self, api: Api, version: int) -> None:
        self.api, self.pool = api, api.new_pool()
        api("CreateUserPoolDomain", UserPoolId=self.pool, Domain=f"gate-{version}", ManagedLoginVersion=version)
        self.client = api.new_client(self.pool)

    def look(self) -> Look:
        client = self.api.cloud.store.get(AppClient, self.client)
        assert client is not None
        pool = require_pool(self.api.context, self.pool)
        look = appearance.look(self.api.context, pool, client)
        # Pages ask for the images by themselves.
        assert appearance.images_of(self.api.context, pool, client) == look.images
        return look

    def style(self, settings: dict[str, Any], *assets: dict[str, str]) -> Look:
        ids = {"UserPoolId": self.pool, "ClientId": self.client}
        self.api("CreateManagedLoginBranding", **ids, Settings=settings, Assets=list(assets))
        return self.look()


@pytest.fixture
def managed(api: Api) -> Pages:
    return Pages(api, 2)


@pytest.fixture
def classic(api: Api) -> Pages:
    return Pages(api, 1)


def test_without_a_style_each_property_has_a_value_in_both_modes(managed: Pages, classic: Pages) -> None:
    look = managed.look()
    assert look == classic.look()
    assert look.light.keys() == {*properties.COLOURS, *properties.LENGTHS}
    assert look.dark.keys() == set(properties.COLOURS)
    assert (look.scheme, look.images) == ("light dark", {})
    assert "@media (prefers-color-scheme:dark){:root{--primary:" in look.css
    assert all(re.fullmatch(r"#[0-9a-f]{8}|\d+px", value) for value in (*look.light.values(), *look.dark.values()))


def test_a_style_changes_what_it_names(managed: Pages) -> None:
    colours = {"lightMode": {"defaults": {"backgroundColor": "AABBCCDD"}}}
    look = managed.style(
        {
            "categories": {"global": {"colorSchemeMode": "LIGHT"}},
            "componentClasses": {"buttons": {"borderRadius": 12.5}},
            "components": {"primaryButton": colours},
        }
    )
    assert (look.light["primary"], look.light["button-radius"], look.scheme) == ("#AABBCCDD", "12.5px", "light")
    assert look.light["primary-text"] != look.light["primary"]
    assert "@media" not in look.css


def test_dark_pages_have_the_dark_colours_without_asking_the_browser(managed: Pages) -> None:
    look = managed.style({"categories": {"global": {"colorSchemeMode": "DARK"}}})
    assert look.css.startswith(":root{color-scheme:dark;")
    assert look.css.rindex(f"--page:{look.dark['page']};") > look.css.index(f"--page:{look.light['page']};")


def test_images_are_shown_where_the_settings_say_so(managed: Pages) -> None:
    on = {"components": {"form": {"logo": {"enabled": True}}, "pageHeader": {"logo": {"enabled": "yes"}}}}
    look = managed.style(
        on,
        {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "SVG", "Bytes": SVG},
        {"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": PNG},
        {"Category": "PAGE_HEADER_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": PNG},
        {"Category": "PAGE_BACKGROUND", "ColorMode": "DYNAMIC", "Extension": "PNG", "Bytes": PNG},
        {"Category": "FAVICON_SVG", "ColorMode": "DYNAMIC", "Extension": "SVG", "Bytes": SVG},
    )
    assert {name: image.content_type for name, image in look.images.items()} == {
        "logo": "image/svg+xml",
        "logo-dark": "image/png",
        "favicon": "image/svg+xml",
    }
    assert look.images["logo"].data == SVG_TEXT


@pytest.mark.parametrize(
    "value",
    [
        "red}input{background:url(https://evil.example/",
        "0972d3f",
        "0972d3ff\n",
        "#0972d3ff",
        "0972d3ff;}",
        "</style>",
        None,
        12345678,
        ["0972d3ff"],
        {"a": "0972d3ff"},
    ],
)
def test_attack_a_colour_that_breaks_out_of_its_rule(managed: Pages, value: Any) -> None:
    wrong = {"lightMode": {"defaults": {"backgroundColor": value}}, "darkMode": value}
    radius = {"borderRadius": value}
    look = managed.style({"components": {"primaryButton": wrong, "form": radius, "pageBackground": value}})
    assert look.light["primary"] == "#0a5fb4ff"
    # A number is a colour to nobody, and a length only where it makes sense.
    assert look.light["form-radius"] == "12px"
    assert SAFE.fullmatch(look.css.replace("{:root{--", "{:root{color-scheme:dark;--"))


def test_classic_pages_have_the_colours_and_the_logo_of_their_css(classic: Pages) -> None:
    css = ".submitButton-customizable{background-color:#08F;color:white} .background-customizable{color:red}"
    classic.api("SetUICustomization", UserPoolId=classic.pool, ClientId=classic.client, CSS=css, ImageFile=PNG)
    look = classic.look()
    assert (look.light["primary"], look.light["primary-text"], look.scheme) == ("#08F", "white", "light")
    assert look.images["logo"].content_type == "image/png"


def test_classic_values_are_checked_again_when_they_are_used(classic: Pages) -> None:
    css = ".submitButton-customizable{background-color:1px solid red;color:rgb(1, 2, 3)}"
    classic.api.cloud.store.put(UiCustomization(classic.pool, "ALL", css, "1"))
    look = classic.look()
    assert (look.light["primary"], look.light["primary-text"]) == ("#0a5fb4ff", "rgb(1, 2, 3)")
