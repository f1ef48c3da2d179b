"""Keys are fetched when needed, kept for an hour, and fetched anew for a new id, but not as often as one likes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.context import Context, no_network
from localcloud.federation import keys
from localcloud.federation.errors import TokenError, UnreachableError
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.providers import openid_connect
from tests.localcloud.federation.conftest import claims
from tests.localcloud.federation.stand_in import OTHER_RSA, StandIn, jwk, sign

DISCOVERY = "/.well-known/openid-configuration"


def verify(ctx: Context, provider: OpenIdProvider, token: str) -> str:
    return openid_connect.verify(ctx.cloud, provider, token).subject


def unreachable(ctx: Context, provider: OpenIdProvider) -> str:
    with pytest.raises(UnreachableError) as caught:
        verify(ctx, provider, sign(claims(provider.url)))
    return str(caught.value)


def test_keys_are_fetched_once_and_again_after_an_hour(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    for _ in range(3):
        verify(ctx, provider, sign(claims(stand_in.url)))
    assert (stand_in.count(DISCOVERY), stand_in.count("/keys")) == (1, 1)
    ctx.cloud.clock.advance(keys.MAX_AGE + 1)
    verify(ctx, provider, sign(claims(stand_in.url, exp=int(ctx.now) + 60)))
    assert stand_in.count("/keys") == 2


def test_made_up_key_ids_do_not_make_us_ask(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    """Anybody can write a token with a key id of its own: a thousand of them are a thousand fetches, otherwise."""
    verify(ctx, provider, sign(claims(stand_in.url)))
    ctx.cloud.clock.advance(keys.COOL_DOWN)
    for number in range(20):
        with pytest.raises(TokenError):
            verify(ctx, provider, sign(claims(stand_in.url), kid=f"made-up-{number}"))
    assert stand_in.count("/keys") == 2


def test_a_new_key_is_found_after_a_few_seconds(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    verify(ctx, provider, sign(claims(stand_in.url)))
    stand_in.keys.append(jwk(OTHER_RSA, "next"))
    token = sign(claims(stand_in.url), OTHER_RSA, kid="next")
    with pytest.raises(TokenError):
        verify(ctx, provider, token)
    ctx.cloud.clock.advance(keys.COOL_DOWN)
    assert verify(ctx, provider, token) == "user-ada"


def test_a_withdrawn_key_is_forgotten_within_the_hour(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    verify(ctx, provider, sign(claims(stand_in.url)))
    stand_in.keys = [jwk(OTHER_RSA, "next")]
    ctx.cloud.clock.advance(keys.MAX_AGE + 1)
    with pytest.raises(TokenError, match="verify"):
        verify(ctx, provider, sign(claims(stand_in.url, exp=int(ctx.now) + 60)))


def test_old_keys_are_not_good_enough_when_the_provider_is_gone(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    verify(ctx, provider, sign(claims(stand_in.url)))
    stand_in.answers["/keys"] = (503, {}, b"")
    ctx.cloud.clock.advance(keys.MAX_AGE + 1)
    assert "it answered with status 503" in unreachable(ctx, provider)


def test_an_address_that_nobody_answers_is_named_with_the_option(ctx: Context) -> None:
    """No token is taken because nobody could say that it is wrong."""
    provider = OpenIdProvider("arn", "http://127.0.0.1:1", ["app"], [], 0)
    said = unreachable(ctx, provider)
    assert said.startswith(f"127.0.0.1:1 could not be reached at http://127.0.0.1:1{DISCOVERY}: ")
    assert said.endswith("--provider 127.0.0.1:1=URL")


def test_a_provider_that_does_not_answer_is_not_asked_each_time(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    stand_in.answers[DISCOVERY] = (500, {}, b"")
    assert unreachable(ctx, provider) == unreachable(ctx, provider)
    assert stand_in.count(DISCOVERY) == 1
    del stand_in.answers[DISCOVERY]
    ctx.cloud.clock.advance(keys.COOL_DOWN)
    assert verify(ctx, provider, sign(claims(stand_in.url)))


def test_a_provider_that_is_slow_to_fail_is_not_asked_by_everybody_who_waited(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    """Attack, or just a provider that is down: each of those who wait for its answer would begin the wait anew."""
    stand_in.answers[DISCOVERY] = (500, {}, b"")
    stand_in.before = lambda: ctx.cloud.clock.advance(keys.COOL_DOWN + 5)
    assert unreachable(ctx, provider) == unreachable(ctx, provider)
    assert stand_in.count(DISCOVERY) == 1


def test_whose_key_is_known_waits_for_nobody(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    """Attack: made-up key ids, while the provider takes its time, to keep out everybody else."""
    good = sign(claims(stand_in.url))
    verify(ctx, provider, good)
    ctx.cloud.clock.advance(keys.COOL_DOWN)
    found: list[str] = []

    def before() -> None:
        other = threading.Thread(target=lambda: found.append(verify(ctx, provider, good)), daemon=True)
        other.start()
        other.join(2)

    stand_in.before = before
    with pytest.raises(TokenError):
        verify(ctx, provider, sign(claims(stand_in.url), kid="made-up"))
    assert found == ["user-ada"] * 2


def test_a_cloud_without_a_network_takes_no_token(ctx: Context, provider: OpenIdProvider) -> None:
    ctx.cloud.fetch = no_network
    assert "no network" in unreachable(ctx, provider)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<html>", "something else than JSON"),
        ([], "something else than a JSON object"),
        ({}, "is of another issuer"),
        ({"issuer": "https://accounts.google.com", "jwks_uri": "http://127.0.0.1:1/keys"}, "is of another issuer"),
    ],
)
def test_a_discovery_document_of_somebody_else_is_not_used(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn, document: Any, why: str
) -> None:
    stand_in.answers[DISCOVERY] = document
    assert why in unreachable(ctx, provider)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://169.254.169.254/keys", "http://example.com/", "keys"]
)
def test_a_key_address_that_is_not_asked(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn, address: str
) -> None:
    stand_in.answers[DISCOVERY] = {"issuer": stand_in.url, "jwks_uri": address}
    assert "it names an address that is not asked" in unreachable(ctx, provider)


def test_a_provider_on_the_internet_cannot_send_us_to_our_own_loopback(ctx: Context, stand_in: StandIn) -> None:
    """Server-side request forgery by discovery document."""
    fetched = []

    def fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        fetched.append(url)
        return b'{"issuer": "https://idp.example.com", "jwks_uri": "http://127.0.0.1:4566/_localcloud/reset"}'

    ctx.cloud.fetch = fetch
    provider = OpenIdProvider("arn", "https://idp.example.com", ["app"], [], 0)
    assert "it names an address on this machine" in unreachable(ctx, provider)
    assert fetched == [f"https://idp.example.com{DISCOVERY}"]


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": [None, 7, {}]}, {"keys": []}])
def test_a_key_set_without_keys_verifies_nothing(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn, document: Any
) -> None:
    stand_in.answers["/keys"] = document
    with pytest.raises(TokenError, match="verify"):
        verify(ctx, provider, sign(claims(stand_in.url)))


def test_the_store_is_free_while_keys_are_fetched(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    """A provider that takes its time must not stop everybody else's writes."""
    written = []

    def write() -> None:
        ctx.store.put(OpenIdProvider("other", "https://idp.example.com", [], [], 0))
        written.append(True)

    def before() -> None:
        other = threading.Thread(target=write)
        other.start()
        other.join(5)

    stand_in.before = before
    verify(ctx, provider, sign(claims(stand_in.url)))
    assert written == [True, True]


def test_many_who_come_at_once_fetch_once(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    token = sign(claims(stand_in.url))
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(verify(ctx, provider, token))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["user-ada"] * 8
    assert stand_in.count("/keys") == 1
