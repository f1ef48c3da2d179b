"""`/oauth2/revoke`: a refresh token ends, and with it all that it gave."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.managed_login.site import CLIENT, Site, read, refusal


@pytest.fixture
def site() -> Site:
    return Site.make()


def revoke(site: Site, token: str, **form: str) -> Any:
    return site.ask("POST", "/oauth2/revoke", form={"client_id": CLIENT, "token": token, **form})


def test_a_refresh_token_takes_its_access_tokens_along(site: Site) -> None:
    found = site.tokens()
    answer = revoke(site, found["refresh_token"], token_type_hint="access_token")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.content_type.startswith("application/json")
    assert refusal(site.user_info(found["access_token"])) == (401, "invalid_token")
    renewed = site.token(grant_type="refresh_token", refresh_token=found["refresh_token"])
    assert refusal(renewed) == (400, "invalid_grant")


def test_other_sign_ins_stay(site: Site) -> None:
    first, second = site.tokens(), site.tokens()
    revoke(site, first["refresh_token"])
    read(site.user_info(second["access_token"]))


@pytest.mark.parametrize("token", ["unknown", "a.b", "11111111-2222-4333-8444-555555555555.x"])
def test_an_unknown_token_is_no_error(site: Site, token: str) -> None:
    assert revoke(site, token).status == 200


def test_twice_is_no_error(site: Site) -> None:
    refresh = site.tokens()["refresh_token"]
    assert [revoke(site, refresh).status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_only_refresh_tokens_can_be_revoked(site: Site, name: str) -> None:
    assert refusal(revoke(site, site.tokens()[name])) == (400, "unsupported_token_type")


def test_without_a_token_the_request_is_invalid(site: Site) -> None:
    assert refusal(revoke(site, "")) == (400, "invalid_request")


def test_a_client_may_have_it_switched_off(site: Site) -> None:
    site.add_client(CLIENT, EnableTokenRevocation=False)
    found = site.tokens()
    assert refusal(revoke(site, found["refresh_token"])) == (400, "invalid_request")
    read(site.user_info(found["access_token"]))


def test_another_client_cannot(site: Site) -> None:
    """Attack: ending the sign-ins at another app."""
    site.add_client("1other")
    found = site.tokens()
    assert refusal(revoke(site, found["refresh_token"], client_id="1other")) == (400, "unauthorized_client")
    read(site.user_info(found["access_token"]))


def test_a_client_with_a_secret_has_to_show_it(site: Site) -> None:
    """Attack: ending sign-ins by a refresh token and the client's id alone."""
    refresh = site.tokens()["refresh_token"]
    site.add_client(CLIENT, "the secret")
    assert refusal(revoke(site, refresh)) == (401, "invalid_client")
    assert revoke(site, refresh, client_secret="the secret").status == 200
