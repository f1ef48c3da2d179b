"""The classic pages' CSS and logo: of a client or the pool, only documented classes, nothing that fetches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import START, Api
from tests.localcloud.userpool.pictures import JPEG, PNG, SVG, encoded

CSS = ".submitButton-customizable { background-color: #0a5fb4; font-size: 14px }"


@pytest.fixture
def domain(api: Api, pool: str) -> str:
    api("CreateUserPoolDomain", UserPoolId=pool, Domain="gate-1")
    return pool


def put(api: Api, pool: str, **settings: Any) -> dict[str, Any]:
    shown: dict[str, Any] = api("SetUICustomization", UserPoolId=pool, **settings)["UICustomization"]
    return shown


def get(api: Api, pool: str, **ids: str) -> dict[str, Any]:
    shown: dict[str, Any] = api("GetUICustomization", UserPoolId=pool, **ids)["UICustomization"]
    return shown


def test_a_client_has_its_own_or_the_pools(api: Api, domain: str) -> None:
    client, other = api.new_client(domain), api.new_client(domain)
    assert get(api, domain, ClientId=client) == {}
    pools = put(api, domain, CSS=CSS, ImageFile=PNG)
    assert pools == {
        "UserPoolId": domain,
        "ClientId": "ALL",
        "CSS": CSS,
        "ImageUrl": f"data:image/png;base64,{PNG}",
        "CSSVersion": pools["CSSVersion"],
        "CreationDate": START,
        "LastModifiedDate": START,
    }
    own = put(api, domain, ClientId=client, ImageFile=JPEG)
    assert own["ImageUrl"].startswith("data:image/jpeg;base64,")
    assert get(api, domain, ClientId=client) == own
    assert get(api, domain, ClientId=other) == get(api, domain) == pools
    api("DeleteUserPoolClient", UserPoolId=domain, ClientId=client)
    with api.refused("ResourceNotFoundException", f"User pool client {client} does not exist."):
        get(api, domain, ClientId=client)


def test_a_pool_without_a_domain_has_no_pages(api: Api, pool: str) -> None:
    for operation in ("GetUICustomization", "SetUICustomization"):
        with api.refused("InvalidParameterException", "There has to be an existing domain"):
            api(operation, UserPoolId=pool)


@pytest.mark.parametrize(
    "css",
    [
        "",
        "/* of the console */ .banner-customizable {padding: 25px 0px 25px 0px; background-color: lightgray;}",
        ".inputField-customizable:focus{border-color:rgb(10, 95, 180);outline:0}",
        ".label-customizable,.legalText-customizable{color:#16202b}",
        ".errorMessage-customizable{border:2px solid #D64958;;margin:5px}\n.logo-customizable{max-width:60%}",
    ],
)
def test_documented_css_is_taken_and_kept_as_it_is(api: Api, domain: str, css: str) -> None:
    assert put(api, domain, CSS=css).get("CSS", "") == css


@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("body{color:red}", "The CSS class body is not in the list of allowed classes."),
        (".other{color:red}", "The CSS class .other is not in the list"),
        (".label-customizable:hover{color:red}", "The CSS class .label-customizable:hover"),
        (".label-customizable input{color:red}", "is not in the list of allowed classes."),
        (".label-customizable{position:fixed}", "The CSS property position is not in the list"),
        (".label-customizable{background:url(https://evil.example/x)}", "The CSS property background has a value"),
        (".label-customizable{background:\\75rl(x)}", "has a value that is not allowed"),
        (".label-customizable{color:expression(alert(1));}@import 'x';", "something that is not a rule"),
        ("@media screen{.label-customizable{color:red}}", "something that is not a rule"),
        ("</style><script>", "something that is not a rule"),
        (f"{CSS}/*{'x' * 3072}*/", "larger than 3072 bytes"),
    ],
)
def test_attack_css_that_fetches_or_covers(api: Api, domain: str, css: str, why: str) -> None:
    with api.refused("InvalidParameterException", why):
        put(api, domain, CSS=css)


@pytest.mark.parametrize("css", [" " * 3000 + "x", ".a{b" + " " * 1400 + ":" + " " * 1400, " x" * 1500, "/*" * 1500])
def test_attack_css_that_takes_hours_to_read(api: Api, domain: str, css: str) -> None:
    with api.refused("InvalidParameterException", "The CSS "):
        put(api, domain, CSS=css)


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (SVG, "ImageFile is not a valid PNG or JPEG image."),
        ("%%%", "ImageFile is not base64."),
        (encoded(b"\x89PNG\r\n\x1a\n" + bytes(100 * 1024)), "larger than 102400 bytes"),
    ],
)
def test_a_logo_is_a_small_png_or_jpeg(api: Api, domain: str, image: str, why: str) -> None:
    with api.refused("InvalidParameterException", why):
        put(api, domain, ImageFile=image)
