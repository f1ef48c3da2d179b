"""Managed login styles: one of each client, partly changed, put back to the default, with images of known kinds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import START, Api
from tests.localcloud.userpool.pictures import ICO, JPEG, PNG, SVG, WEBP, encoded

UNKNOWN = "00000000-0000-4000-8000-000000000000"
BLUE = {"components": {"primaryButton": {"lightMode": {"defaults": {"backgroundColor": "0000ffff"}}}}}


@pytest.fixture
def client(api: Api, pool: str) -> str:
    return api.new_client(pool)


def make(api: Api, pool: str, client: str, **settings: Any) -> dict[str, Any]:
    made: dict[str, Any] = api("CreateManagedLoginBranding", UserPoolId=pool, ClientId=client, **settings)
    style: dict[str, Any] = made["ManagedLoginBranding"]
    return style


def update(api: Api, style: dict[str, Any], **settings: Any) -> dict[str, Any]:
    ids = {name: style[name] for name in ("UserPoolId", "ManagedLoginBrandingId")}
    after: dict[str, Any] = api("UpdateManagedLoginBranding", **ids, **settings)["ManagedLoginBranding"]
    return after


def asset(category: str, extension: str, data: str, mode: str = "LIGHT") -> dict[str, str]:
    return {"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": data}


def test_a_style_shows_what_it_was_made_with(api: Api, pool: str, client: str) -> None:
    logo = asset("FORM_LOGO", "PNG", PNG)
    style = make(api, pool, client, Settings={**BLUE, "unknown": [1, None, {"a": True}]}, Assets=[logo])
    assert style == {
        "ManagedLoginBrandingId": style["ManagedLoginBrandingId"],
        "UserPoolId": pool,
        "UseCognitoProvidedValues": False,
        "Settings": {**BLUE, "unknown": [1, None, {"a": True}]},
        "Assets": [logo],
        "CreationDate": START,
        "LastModifiedDate": START,
    }
    ids = {"UserPoolId": pool, "ManagedLoginBrandingId": style["ManagedLoginBrandingId"]}
    assert api("DescribeManagedLoginBranding", **ids)["ManagedLoginBranding"] == style
    by_client = api("DescribeManagedLoginBrandingByClient", UserPoolId=pool, ClientId=client)
    assert by_client["ManagedLoginBranding"] == style


def test_a_client_has_one_style_which_goes_with_it(api: Api, pool: str, client: str) -> None:
    make(api, pool, client, UseCognitoProvidedValues=True)
    with api.refused("ManagedLoginBrandingExistsException", f"already exists for client {client}"):
        make(api, pool, client, UseCognitoProvidedValues=True)
    with api.refused("ResourceNotFoundException", f"User pool client {client} does not exist."):
        make(api, api.new_pool(), client, UseCognitoProvidedValues=True)
    style = api("DescribeManagedLoginBrandingByClient", UserPoolId=pool, ClientId=client)["ManagedLoginBranding"]
    ids = {"UserPoolId": pool, "ManagedLoginBrandingId": style["ManagedLoginBrandingId"]}
    api("DeleteUserPoolClient", UserPoolId=pool, ClientId=client)
    for operation in ("DescribeManagedLoginBranding", "UpdateManagedLoginBranding", "DeleteManagedLoginBranding"):
        with api.refused("ResourceNotFoundException", "ManagedLoginBranding does not exist."):
            api(operation, **ids)


def test_an_update_says_which_style(api: Api, pool: str, client: str) -> None:
    style = make(api, pool, client, UseCognitoProvidedValues=True)
    for missing in ("UserPoolId", "ManagedLoginBrandingId"):
        ids = {name: style[name] for name in ("UserPoolId", "ManagedLoginBrandingId") if name != missing}
        with api.refused("InvalidParameterException", f"{missing} is required."):
            api("UpdateManagedLoginBranding", **ids, Settings=BLUE)


@pytest.mark.parametrize("settings", [{}, {"UseCognitoProvidedValues": True, "Settings": BLUE}, {"Assets": []}])
def test_a_style_is_somebodys_own_or_cognitos(api: Api, pool: str, client: str, settings: dict[str, Any]) -> None:
    with api.refused("InvalidParameterException", "useCognitoProvidedValues or settings should be specified"):
        make(api, pool, client, **settings)


def test_without_settings_none_are_shown_but_on_request_those_of_the_default(api: Api, pool: str, client: str) -> None:
    style = make(api, pool, client, UseCognitoProvidedValues=True, Assets=[asset("FORM_LOGO", "SVG", SVG)])
    assert (style["UseCognitoProvidedValues"], "Settings" in style, len(style["Assets"])) == (True, False, 1)
    update(api, style, Settings=BLUE)
    ids = {"UserPoolId": pool, "ManagedLoginBrandingId": style["ManagedLoginBrandingId"]}
    merged = api("DescribeManagedLoginBranding", **ids, ReturnMergedResources=True)["ManagedLoginBranding"]["Settings"]
    modes = merged["components"]["primaryButton"]
    assert modes["lightMode"]["defaults"]["backgroundColor"] == "0000ffff"
    assert len(modes["darkMode"]["defaults"]["backgroundColor"]) == 8
    assert api("DescribeManagedLoginBranding", **ids)["ManagedLoginBranding"]["Settings"] == BLUE


def test_an_update_changes_what_it_names_and_keeps_the_rest(api: Api, pool: str, client: str) -> None:
    light, dark = asset("FORM_LOGO", "PNG", PNG), asset("FORM_LOGO", "JPEG", JPEG, "DARK")
    style = make(api, pool, client, Settings=BLUE, Assets=[light, dark])
    text = {"lightMode": {"defaults": {"textColor": "ffffffff"}}}
    other = asset("FORM_LOGO", "WEBP", WEBP)
    after = update(api, style, Settings={"components": {"primaryButton": text, "list": [1]}}, Assets=[other])
    light_mode = after["Settings"]["components"]["primaryButton"]["lightMode"]
    assert light_mode == {"defaults": {"backgroundColor": "0000ffff", "textColor": "ffffffff"}}
    assert after["Assets"] == [other, dark]
    assert update(api, style)["Settings"] == after["Settings"]
    back = update(api, style, UseCognitoProvidedValues=True)
    assert (back["UseCognitoProvidedValues"], "Settings" in back, back["Assets"]) == (True, False, [])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (asset("FAVICON_ICO", "PNG", PNG), "The asset FAVICON_ICO cannot be of type PNG."),
        (asset("FORM_LOGO", "ICO", ICO), "The asset FORM_LOGO cannot be of type ICO."),
        (asset("IDP_BUTTON_ICON", "JPEG", JPEG), "cannot be of type JPEG"),
        (asset("FORM_LOGO", "PNG", JPEG), "The asset FORM_LOGO is not a valid PNG image."),
        (asset("FORM_LOGO", "PNG", "%%%"), "The asset FORM_LOGO is not base64."),
        (asset("FORM_LOGO", "PNG", ""), "is not a valid PNG image."),
        (asset("FORM_LOGO", "SVG", encoded(b"<svg><script/></svg>")), "is not a valid SVG image."),
        (asset("FORM_LOGO", "JPEG", encoded(b"\xff\xd8\xff" + bytes(1_000_000))), "larger than 1000000 bytes"),
        (asset("LOGO", "PNG", PNG), "Member must satisfy enum value set"),
    ],
)
def test_attack_an_image_that_is_something_else(
    api: Api, pool: str, client: str, wrong: dict[str, str], why: str
) -> None:
    with api.refused("InvalidParameterException", why):
        make(api, pool, client, Settings={}, Assets=[wrong])


def test_settings_too_deep_to_walk_through_are_refused(api: Api, pool: str, client: str) -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep}
    with api.refused("InvalidParameterException", "nested in more than 32 levels"):
        make(api, pool, client, Settings=deep)
