"""Kept tokens are given back to the app client and the addresses that they were kept for, and refreshed when due."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from auth import HostedUi, errors, kept_tokens
from auth.models import Tokens
from tests.auth import fake_domain, test_os_keyring
from tests.auth.fake_domain import FakeDomain

HERE = "http://localhost:3000/callback"


@pytest.fixture
def domain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeDomain]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    test_os_keyring.use(monkeypatch, None)
    with fake_domain.running() as domain:
        yield domain


@pytest.fixture
def tokens(domain: FakeDomain) -> Tokens:
    hosted_ui = HostedUi(domain.settings)
    attempt = hosted_ui.begin(HERE)
    return hosted_ui.finish(attempt, domain.callback(attempt.url))


def test_tokens_are_kept_in_a_file_without_a_keyring(domain: FakeDomain, tokens: Tokens, tmp_path: Path) -> None:
    place = kept_tokens.save(domain.settings, tokens)
    assert Path(place).parent == tmp_path / "gatehouse"
    assert kept_tokens.load(domain.settings).current() == tokens
    assert kept_tokens.forget(domain.settings) == tokens
    assert kept_tokens.forget(domain.settings) is None
    with pytest.raises(errors.NotAuthorized) as caught:
        kept_tokens.load(domain.settings)
    assert (str(caught.value), caught.value.hint) == ("nobody is signed in", "sign in with `gatehouse login`")


def test_the_keyring_takes_the_place_of_the_file(
    domain: FakeDomain, tokens: Tokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_tokens.save(domain.settings, replace(tokens, expires_at=1.0))
    backend = test_os_keyring.Backend()
    test_os_keyring.use(monkeypatch, backend)
    assert kept_tokens.save(domain.settings, tokens) == "the keyring"
    assert list((tmp_path / "gatehouse").iterdir()) == []
    assert kept_tokens.load(domain.settings).current() == tokens
    assert kept_tokens.forget(domain.settings) == tokens
    assert backend.kept == {}


def test_the_newer_of_two_counts(domain: FakeDomain, tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that did not open, and the file that took its place, until it opens again."""
    backend = test_os_keyring.Backend()
    test_os_keyring.use(monkeypatch, backend)
    kept_tokens.save(domain.settings, replace(tokens, expires_at=1.0))
    backend.broken = True
    kept_tokens.save(domain.settings, tokens)
    backend.broken = False
    assert kept_tokens.load(domain.settings).current() == tokens


def test_what_is_due_is_refreshed_and_kept_anew(domain: FakeDomain, tokens: Tokens) -> None:
    kept_tokens.save(domain.settings, replace(tokens, expires_at=time.time() + 30))
    fresh = kept_tokens.load(domain.settings).current()
    assert fresh.access_token != tokens.access_token
    assert kept_tokens.load(domain.settings).current() == fresh
    assert [path for path, form in domain.asked if form.get("grant_type") == "refresh_token"] == ["token"]


def test_a_sign_in_that_has_ended_says_what_to_do(domain: FakeDomain, tokens: Tokens) -> None:
    domain.refresh_tokens.clear()
    kept_tokens.save(domain.settings, replace(tokens, expires_at=1.0))
    with pytest.raises(errors.NotAuthorized, match="the sign-in has ended: invalid_grant") as caught:
        kept_tokens.load(domain.settings).current()
    assert caught.value.hint == "sign in with `gatehouse login`"


def test_each_app_client_has_an_entry_of_its_own(domain: FakeDomain, tokens: Tokens) -> None:
    other = replace(domain.settings, app_client_id="client-2")
    kept_tokens.save(other, replace(tokens, refresh_token="other"))
    kept_tokens.save(domain.settings, tokens)
    assert kept_tokens.load(domain.settings).current() == tokens
    assert kept_tokens.load(other).current().refresh_token == "other"


@pytest.mark.parametrize("name", ["hosted_ui_url", "endpoint_url", "api_url"])
def test_tokens_do_not_follow_settings_to_another_address(domain: FakeDomain, tokens: Tokens, name: str) -> None:
    """Attack: an outputs file in a folder that was cloned names our app client, and the attacker's address."""
    kept_tokens.save(domain.settings, replace(tokens, expires_at=1.0))
    with pytest.raises(errors.NotAuthorized, match="nobody is signed in"):
        kept_tokens.load(replace(domain.settings, **{name: "https://evil.example"}))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"access_token": "a"}', '{"more": 1}'])
def test_a_damaged_entry_counts_as_none(domain: FakeDomain, tokens: Tokens, content: str) -> None:
    Path(kept_tokens.save(domain.settings, tokens)).write_text(content)
    with pytest.raises(errors.NotAuthorized, match="nobody is signed in"):
        kept_tokens.load(domain.settings)
