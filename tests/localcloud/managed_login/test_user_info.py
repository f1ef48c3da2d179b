"""`/oauth2/userInfo`: what an access token may know of its user."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient, User
from tests.localcloud.managed_login.site import CLIENT, POOL, SCOPES, SUB, Site, claims, key, read, refusal

INVALID = (401, "invalid_token")


@pytest.fixture
def site() -> Site:
    return Site.make(AllowedOAuthScopes=[*SCOPES, "phone"])


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("openid", {"email", "email_verified", "name"}),
        ("openid email", {"email", "email_verified"}),
        ("openid profile", {"email", "email_verified", "name"}),
        ("openid profile email", {"email", "email_verified", "name"}),
        ("openid email phone", {"email", "email_verified"}),
        ("openid aws.cognito.signin.user.admin", {"email", "email_verified", "name"}),
    ],
)
def test_the_scopes_say_what_is_shown(site: Site, scope: str, shown: set[str]) -> None:
    found = read(site.user_info(site.tokens(scope=scope)["access_token"]))
    assert set(found) == {"sub", "username"} | shown
    assert (found["sub"], found["username"]) == (SUB, "ada")


def test_every_value_is_a_text(site: Site) -> None:
    assert read(site.user_info(site.tokens()["access_token"]))["email_verified"] == "true"


def test_the_client_sees_what_it_may_read() -> None:
    """Attack: an app that asks for the scope of an attribute that it was not given."""
    site = Site.make(ReadAttributes=["custom:size"])
    assert set(read(site.user_info(site.tokens(scope="openid")["access_token"]))) == {"sub", "username", "custom:size"}


def test_post_is_the_same(site: Site) -> None:
    token = site.tokens()["access_token"]
    answer = site.ask("POST", "/oauth2/userInfo", form="", authorization=f"bearer {token}")
    assert read(answer) == read(site.user_info(token))


def test_a_token_without_openid_knows_nobody(site: Site) -> None:
    answer = site.user_info(site.tokens(scope="aws.cognito.signin.user.admin")["access_token"])
    assert refusal(answer) == INVALID
    assert "openid" in answer.headers["www-authenticate"]


def test_a_sign_in_by_the_api_has_no_openid(site: Site) -> None:
    user, client = site.cloud.store.get(User, POOL, SUB), site.cloud.store.get(AppClient, CLIENT)
    assert user is not None
    assert client is not None
    issued = tokens.issue(site.context, site.pool, client, user, "TokenGeneration_Authentication")
    assert refusal(site.user_info(issued["AccessToken"])) == INVALID


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "token"])
def test_without_a_token_the_request_is_invalid(site: Site, header: str) -> None:
    assert refusal(site.ask("GET", "/oauth2/userInfo", authorization=header)) == (400, "invalid_request")


@pytest.mark.parametrize("where", ["query", "form"])
def test_a_token_elsewhere_is_none(site: Site, where: str) -> None:
    """Attack: tokens in addresses, where histories and logs keep them."""
    given: dict[str, Any] = {where: {"access_token": site.tokens()["access_token"]}}
    assert refusal(site.ask("POST", "/oauth2/userInfo", **given)) == (400, "invalid_request")


def test_a_token_that_is_over_is_none(site: Site) -> None:
    token = site.tokens()["access_token"]
    site.times[0] += 3600
    answer = site.user_info(token)
    assert refusal(answer) == INVALID
    assert answer.headers["www-authenticate"].startswith(
        'Bearer error="invalid_token", error_description="Access token'
    )


@pytest.mark.parametrize("changes", [{"enabled": False}])
def test_a_disabled_user_has_none(site: Site, changes: dict[str, Any]) -> None:
    token = site.tokens()["access_token"]
    site.change_user(**changes)
    assert refusal(site.user_info(token)) == INVALID


def test_an_id_token_is_no_access_token(site: Site) -> None:
    """Attack: an ID token, which apps hand around, in place of an access token."""
    assert refusal(site.user_info(site.tokens()["id_token"])) == INVALID


def test_another_pools_token_is_none(site: Site) -> None:
    """Attack: a token of a pool of one's own, at the domain of another one."""
    token = site.tokens()["access_token"]
    site.set_pool("us-east-1_other")
    assert refusal(site.user_info(token)) == INVALID


@pytest.mark.parametrize("token", ["a.b.c", "..", "x" * 20_000, "\u00fc.\u00fc.\u00fc", '"\\" x="'])
def test_a_text_that_is_no_token_is_refused_and_not_repeated(site: Site, token: str) -> None:
    """Attack: what breaks the parser, or comes back in a header."""
    answer = site.user_info(token)
    assert refusal(answer) == INVALID
    assert token not in answer.headers["www-authenticate"]


def test_claims_that_were_changed_are_refused(site: Site) -> None:
    """Attack: a scope that was written into a token."""
    head, _, rest = site.tokens(scope="aws.cognito.signin.user.admin")["access_token"].partition(".")
    forged = key().sign({**claims(f"{head}.{rest}"), "scope": " ".join(SCOPES)}).split(".")[1]
    answer = site.user_info(f"{head}.{forged}.{rest.partition('.')[2]}")
    assert refusal(answer) == INVALID
    assert json.loads(answer.body)["error_description"]
