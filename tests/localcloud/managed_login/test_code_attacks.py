"""Attacks on authorization codes: used twice, by another app, in another exchange, without the verifier."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.context import Invocation
from localcloud.managed_login.models import AuthorizationCode
from localcloud.userpool.sign_in_state import RefreshToken
from tests.localcloud.managed_login.site import CALLBACK, CHALLENGE, CLIENT, VERIFIER, Site, read, refusal, told

TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
INVALID = (400, "invalid_grant")


@pytest.fixture
def site() -> Site:
    return Site.make()


def test_a_code_is_good_once_and_a_second_use_ends_what_it_gave(site: Site) -> None:
    """Attack: code replay. Who was first, the app or the thief, nobody knows: neither keeps the tokens."""
    code = site.code()
    found = read(site.redeem(code))
    assert refusal(site.redeem(code)) == INVALID
    assert refusal(site.user_info(found["access_token"])) == (401, "invalid_token")
    assert refusal(site.token(grant_type="refresh_token", refresh_token=found["refresh_token"])) == INVALID


def test_a_second_use_while_the_first_waits_for_a_trigger_ends_both(site: Site) -> None:
    """Attack: code replay, raced against the app."""
    code, again = site.code(), []

    def redeem_too(arn: str, event: Mapping[str, Any], **_: object) -> Invocation:
        again.append(site.redeem(code))
        return Invocation(payload=event)

    site.set_pool(LambdaConfig={"PreTokenGeneration": TRIGGER})
    site.cloud.invoke = redeem_too
    assert refusal(site.redeem(code)) == INVALID
    assert [refusal(answer) for answer in again] == [INVALID]
    assert all(record.revoked for record in site.cloud.store.find(RefreshToken))


def test_a_code_is_good_for_five_minutes(site: Site) -> None:
    code, late = site.code(), site.code()
    site.times[0] += 300
    read(site.redeem(code))
    site.times[0] += 1
    assert refusal(site.redeem(late)) == INVALID


def test_another_app_cannot_redeem_it_and_cannot_spend_it(site: Site) -> None:
    """Attack: another client's code, to take it or to spoil it."""
    site.add_client("1other")
    site.add_client("1secret", "the secret")
    code = site.code()
    assert refusal(site.redeem(code, client_id="1other")) == INVALID
    assert refusal(site.redeem(code, client_id="1secret", client_secret="the secret")) == INVALID
    read(site.redeem(code))


@pytest.mark.parametrize("uri", ["https://app.example.com/other", CALLBACK + "/", CALLBACK.upper(), CALLBACK + "?"])
def test_the_address_has_to_be_the_one_it_was_sent_to(uri: str) -> None:
    """Attack: code injection, a code of one address of the app's in an exchange for another one."""
    site = Site.make(CallbackURLs=[CALLBACK, "https://app.example.com/other"])
    code = site.code()
    assert refusal(site.redeem(code, redirect_uri=uri)) == INVALID
    assert refusal(site.redeem(code)) == INVALID


@pytest.mark.parametrize("verifier", ["", "w" * 64, VERIFIER + "v", VERIFIER[:-1], VERIFIER + "\n", CHALLENGE, "ü"])
def test_the_verifier_has_to_fit(site: Site, verifier: str) -> None:
    """Attack: code injection, a stolen code in another browser's exchange, whose verifier is another one."""
    assert refusal(site.redeem(site.code(), code_verifier=verifier)) == INVALID


def test_one_wrong_verifier_is_one_too_many(site: Site) -> None:
    """Attack: guessing at the verifier."""
    code = site.code()
    assert refusal(site.redeem(code, code_verifier="w" * 64)) == INVALID
    assert refusal(site.redeem(code)) == INVALID


def test_a_verifier_for_a_code_without_a_challenge_is_refused() -> None:
    """Attack: PKCE downgrade, the challenge cut out of the request, so that a code of the attacker's own fits."""
    site = Site.make("the secret")
    site.sign_in()
    code = told(site.authorize(code_challenge=None, code_challenge_method=None))["code"]
    assert refusal(site.redeem(code, client_secret="the secret")) == INVALID


@pytest.mark.parametrize("code", ["x", "0" * 64, "", "\x00", "' OR 1=1 --", "%00", "ü" * 5000])
def test_a_code_that_nobody_gave_out_is_refused(site: Site, code: str) -> None:
    assert site.redeem(code).status == 400


def test_codes_are_kept_by_digest_only(site: Site) -> None:
    """Attack: reading codes out of a copied data folder."""
    code = site.code()
    kept = site.cloud.store.find(AuthorizationCode)
    assert len(kept) == 1
    assert code not in repr(kept)


def test_another_pools_app_cannot_redeem_it(site: Site) -> None:
    """Attack: one domain's code at another pool's."""
    code = site.code()
    site.add_client(CLIENT, pool_id="us-east-1_theirs")
    assert refusal(site.redeem(code)) == (400, "invalid_client")


@pytest.mark.parametrize(
    "changes", [{"enabled": False}, {"status": "RESET_REQUIRED"}, {"status": "FORCE_CHANGE_PASSWORD"}]
)
def test_a_user_who_was_locked_out_meanwhile_gets_nothing(site: Site, changes: dict[str, Any]) -> None:
    """Attack: a code in hand, while an administrator locks the user out."""
    code = site.code()
    site.change_user(**changes)
    assert refusal(site.redeem(code)) == INVALID


def test_a_token_is_no_code_and_a_code_is_no_token(site: Site) -> None:
    code = site.code()
    assert refusal(site.user_info(code)) == (401, "invalid_token")
    assert refusal(site.token(grant_type="refresh_token", refresh_token=code)) == INVALID
    assert refusal(site.redeem(secrets.token_hex(32))) == INVALID
