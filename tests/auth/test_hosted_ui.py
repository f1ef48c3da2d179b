"""HostedUi gives the tokens of a sign-in that was begun here, and refuses whatever else comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from auth import HostedUi, LoginAttempt, errors
from auth.models import Tokens
from tests.auth import fake_domain
from tests.auth.fake_domain import CLIENT, ISSUER, FakeDomain
from tests.auth.minting import mint

HERE = "http://localhost:3000/callback"


@pytest.fixture
def domain() -> Iterator[FakeDomain]:
    with fake_domain.running() as domain:
        yield domain


@pytest.fixture
def hosted_ui(domain: FakeDomain) -> HostedUi:
    return HostedUi(domain.settings)


def signed_in(domain: FakeDomain, hosted_ui: HostedUi) -> Tokens:
    attempt = hosted_ui.begin(HERE)
    return hosted_ui.finish(attempt, domain.callback(attempt.url))


def test_a_sign_in_ends_in_tokens(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    tokens = signed_in(domain, hosted_ui)
    assert tokens.refresh_token in domain.refresh_tokens
    assert hosted_ui.claims(tokens)["email"] == "ada@example.com"
    assert (tokens.device_key, tokens.access_token.count(".")) == (None, 2)


def test_the_request_asks_for_what_was_given(hosted_ui: HostedUi) -> None:
    first = hosted_ui.begin(HERE, provider="Google & Co", login_hint="ada@example.com", language="ja", step_up=True)
    asked = dict(parse_qsl(urlsplit(first.url).query, strict_parsing=True))
    assert (
        asked.items()
        >= {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": HERE,
            "scope": "openid email profile aws.cognito.signin.user.admin",
            "code_challenge_method": "S256",
            "identity_provider": "Google & Co",
            "login_hint": "ada@example.com",
            "lang": "ja",
            "prompt": "login",
        }.items()
    )
    second = hosted_ui.begin(HERE, scopes=["openid"])
    asked = dict(parse_qsl(urlsplit(second.url).query, strict_parsing=True))
    assert asked["scope"] == "openid"
    assert asked.keys().isdisjoint({"identity_provider", "lang", "prompt"})
    assert {first.state, first.nonce, first.verifier}.isdisjoint({second.state, second.nonce, second.verifier})
    with pytest.raises(errors.InvalidRequest, match="openid"):
        hosted_ui.begin(HERE, scopes=["email"])


def test_no_secret_of_an_attempt_shows(hosted_ui: HostedUi) -> None:
    attempt = hosted_ui.begin(HERE)
    assert not [value for value in (attempt.state, attempt.nonce, attempt.verifier) if value in repr(attempt)]
    assert attempt.verifier not in attempt.url


@pytest.mark.parametrize("state", ["", "&state=", "&state=other", "&state=é"])
def test_a_callback_without_our_state_is_refused(domain: FakeDomain, hosted_ui: HostedUi, state: str) -> None:
    """Attack: login CSRF, a code of the attacker's sign-in that the victim's browser is sent here with."""
    attempt = hosted_ui.begin(HERE)
    mine = dict(parse_qsl(urlsplit(domain.callback(attempt.url)).query))
    with pytest.raises(errors.CallbackInvalid, match="state"):
        hosted_ui.finish(attempt, f"{HERE}?code={mine['code']}{state}")
    assert mine["code"] in domain.codes, "the code went nowhere"


@pytest.mark.parametrize("query", ["code=c&code=d&state={state}", "state", "", "a=&" * 30, "state={state}"])
def test_a_callback_in_no_proper_form_is_refused(hosted_ui: HostedUi, query: str) -> None:
    attempt = hosted_ui.begin(HERE)
    for url in (f"{HERE}?{query.format(state=attempt.state)}", "http://[?"):
        with pytest.raises(errors.CallbackInvalid):
            hosted_ui.finish(attempt, url)


def test_a_code_of_another_sign_in_is_refused(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: code injection, the victim's stolen code in the attacker's own callback. PKCE stops it at the pool."""
    victim, attacker = hosted_ui.begin(HERE), hosted_ui.begin(HERE)
    stolen = dict(parse_qsl(urlsplit(domain.callback(victim.url)).query))["code"]
    with pytest.raises(errors.NotAuthorized, match="invalid_grant"):
        hosted_ui.finish(attacker, f"{HERE}?code={stolen}&state={attacker.state}")


def test_a_code_with_another_nonce_is_refused(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: the same, where the attacker brought the challenge into the victim's request, too."""
    attempt = hosted_ui.begin(HERE)
    for nonce in ("other", "", None, 7):
        domain.claims = {"nonce": nonce}
        with pytest.raises(errors.TokenBindingInvalid, match="nonce"):
            hosted_ui.finish(attempt, domain.callback(attempt.url))


def test_an_attempt_that_lost_its_secrets_is_good_for_nothing(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    attempt = hosted_ui.begin(HERE)
    with pytest.raises(errors.CallbackInvalid, match="state"):
        hosted_ui.finish(replace(attempt, state=""), f"{HERE}?code=c")
    domain.claims = {"nonce": ""}
    with pytest.raises(errors.TokenBindingInvalid, match="nonce"):
        hosted_ui.finish(replace(attempt, nonce=""), domain.callback(attempt.url))


def test_a_second_callback_is_refused(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: the address of a callback, found in a history or log, is opened again."""
    attempt = hosted_ui.begin(HERE)
    url = domain.callback(attempt.url)
    hosted_ui.finish(attempt, url)
    with pytest.raises(errors.NotAuthorized):
        hosted_ui.finish(attempt, url)


def test_only_the_same_user_proves_again_who_they_are(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: somebody else's sign-in, in an app that still shows and holds the data of the one before."""
    first = signed_in(domain, hosted_ui)
    attempt = hosted_ui.begin(HERE, step_up=True)
    assert hosted_ui.finish(attempt, domain.callback(attempt.url), first)
    attempt = hosted_ui.begin(HERE, step_up=True)
    domain.claims = {"sub": "somebody-else"}
    with pytest.raises(errors.TokenBindingInvalid, match="sub"):
        hosted_ui.finish(attempt, domain.callback(attempt.url), first)


def test_the_answer_of_another_server_is_refused(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: mix-up. The code of an honest server must not go to the one that the user was lured to (RFC 9207)."""
    attempt = hosted_ui.begin(HERE)
    url = domain.callback(attempt.url, iss=f"{ISSUER}d")
    with pytest.raises(errors.CallbackInvalid, match="iss"):
        hosted_ui.finish(attempt, url)
    assert hosted_ui.finish(attempt, url.replace("Abcd", "Abc"))


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "client-2"}, errors.TokenClientInvalid),
        ({"iss": f"{ISSUER}d"}, errors.TokenIssuerInvalid),
        ({"token_use": "access", "client_id": CLIENT}, errors.TokenUseInvalid),
        ({"exp": 1}, errors.TokenExpired),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, errors.TokenBindingInvalid),
        ({"at_hash": None}, errors.TokenBindingInvalid),
    ],
)
def test_an_id_token_that_is_not_for_us_is_refused(
    domain: FakeDomain, hosted_ui: HostedUi, claims: dict[str, Any], error: type[errors.TokenInvalid]
) -> None:
    """Attacks: a token of another app client, of another pool, an access token in its place, a swapped access token."""
    domain.claims = claims
    with pytest.raises(error):
        signed_in(domain, hosted_ui)


def test_an_id_token_that_the_pool_did_not_sign_is_refused(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    stranger = rsa.generate_private_key(65537, 2048)
    domain.change = lambda answer: answer | {"id_token": mint(stranger, {"nonce": "n"})}
    with pytest.raises(errors.TokenSignatureInvalid):
        signed_in(domain, hosted_ui)


@pytest.mark.parametrize("lost", ["access_token", "id_token", "expires_in"])
def test_an_answer_without_one_of_the_tokens_is_refused(domain: FakeDomain, hosted_ui: HostedUi, lost: str) -> None:
    domain.change = lambda answer: answer | {lost: None}
    with pytest.raises(errors.TokenMalformed):
        signed_in(domain, hosted_ui)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"error": "access_denied"}, errors.NotAuthorized),
        ({"error": "login_required", "error_description": "why"}, errors.NotAuthorized),
        ({"error": "server_error"}, errors.ServiceUnreachable),
        ({"error": "invalid_scope"}, errors.InvalidRequest),
        ({"error": "invalid_request", "error_description": "User is not enabled"}, errors.InvalidRequest),
        (
            {"error": "invalid_request", "error_description": "PreSignUp failed with error domain_not_allowed. "},
            errors.TriggerRefused,
        ),
        (
            {"error": "invalid_request", "error_description": "Already found an entry for username Google_7"},
            errors.LoginJustLinked,
        ),
    ],
)
def test_an_error_of_the_domain_is_one_of_the_tree(
    domain: FakeDomain, hosted_ui: HostedUi, answer: dict[str, str], error: type[errors.AuthError]
) -> None:
    domain.answers = [answer]
    with pytest.raises(error) as caught:
        signed_in(domain, hosted_ui)
    assert type(caught.value) is error
    assert caught.value.code == answer["error"]
    assert str(caught.value) == answer.get("error_description", answer["error"])


def test_an_error_counts_only_with_our_state(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    """Attack: a stranger's text, shown to the user as if the pool had said it."""
    with pytest.raises(errors.CallbackInvalid) as caught:
        hosted_ui.finish(hosted_ui.begin(HERE), f"{HERE}?error=access_denied&error_description=call+0900+1234")
    assert "0900" not in str(caught.value)


def test_tokens_are_refreshed(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    first = signed_in(domain, hosted_ui)
    second = hosted_ui.refresh(first)
    assert second.access_token != first.access_token
    assert second.refresh_token == first.refresh_token, "the pool sent no new one"
    domain.change = lambda answer: answer | {"refresh_token": "rotated"}
    assert hosted_ui.refresh(second).refresh_token == "rotated"
    assert hosted_ui.id_tokens(first)() == first.id_token
    assert hosted_ui.id_tokens(replace(first, expires_at=1.0))() != first.id_token
    with pytest.raises(errors.NotAuthorized, match="sign in again"):
        hosted_ui.refresh(replace(first, refresh_token=None))


def test_a_refresh_never_changes_the_user(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    tokens = signed_in(domain, hosted_ui)
    domain.claims = {"sub": "user-2"}
    with pytest.raises(errors.TokenBindingInvalid, match="sub"):
        hosted_ui.refresh(tokens)
    with pytest.raises(errors.TokenBindingInvalid, match="sub"):
        hosted_ui.user_info(replace(tokens, id_token=hosted_ui.finish(*begun(domain, hosted_ui)).id_token))


def begun(domain: FakeDomain, hosted_ui: HostedUi) -> tuple[LoginAttempt, str]:
    attempt = hosted_ui.begin(HERE)
    return attempt, domain.callback(attempt.url)


def test_user_info_revocation_and_sign_out(domain: FakeDomain, hosted_ui: HostedUi) -> None:
    tokens = signed_in(domain, hosted_ui)
    assert hosted_ui.user_info(tokens)["email_verified"] == "true"
    assert domain.authorization == f"Bearer {tokens.access_token}"
    hosted_ui.revoke(tokens)
    assert domain.asked[-1] == ("revoke", {"token": tokens.refresh_token, "client_id": CLIENT})
    with pytest.raises(errors.NotAuthorized):
        hosted_ui.refresh(tokens)
    url = urlsplit(hosted_ui.sign_out_url("http://localhost:3000/"))
    assert url.path == "/_aws/auth/test/logout"
    assert dict(parse_qsl(url.query)) == {"client_id": CLIENT, "logout_uri": "http://localhost:3000/"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": "invalid_token", "error_description": "expired"}, errors.NotAuthorized),
        (429, {}, errors.TooManyRequests),
        (500, {"error": "server_error"}, errors.ServiceUnreachable),
        (502, "<html>", errors.ServiceUnreachable),
        (302, {}, errors.ServiceUnreachable),
        (200, [], errors.ServiceUnreachable),
        (400, [], errors.ServiceUnreachable),
        (400, {"error": "unauthorized_client"}, errors.InvalidRequest),
    ],
)
def test_what_an_endpoint_refuses(
    domain: FakeDomain, hosted_ui: HostedUi, status: int, body: Any, error: type[errors.AuthError]
) -> None:
    tokens = signed_in(domain, hosted_ui)
    domain.refusals["userInfo"] = (status, body.encode() if isinstance(body, str) else json.dumps(body).encode())
    with pytest.raises(error) as caught:
        hosted_ui.user_info(tokens)
    assert tokens.access_token not in str(caught.value)


def test_nobody_there_is_unreachable(domain: FakeDomain) -> None:
    nowhere = HostedUi(replace(domain.settings, hosted_ui_url="http://127.0.0.1:9/x"))
    with pytest.raises(errors.ServiceUnreachable):
        nowhere.finish(*begun(domain, nowhere))


@pytest.mark.parametrize("url", ["http://login.example.com", "ftp://localhost/", "login.example.com"])
def test_plain_http_is_for_this_machine_only(domain: FakeDomain, url: str) -> None:
    """Attack: whoever stands between reads the tokens."""
    with pytest.raises(errors.SettingsInvalid, match="https"):
        HostedUi(replace(domain.settings, hosted_ui_url=url))


def test_no_proxy_sees_what_is_for_this_machine(
    domain: FakeDomain, hosted_ui: HostedUi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: `http_proxy` in the environment, which would get the tokens in plain text."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert signed_in(domain, hosted_ui)


@pytest.mark.parametrize("name", ["hosted_ui_url", "app_client_id", "user_pool_id"])
def test_what_is_not_set_is_named(domain: FakeDomain, name: str) -> None:
    with pytest.raises(errors.SettingsInvalid, match=f"GATEHOUSE_{name.upper()}"):
        HostedUi(replace(domain.settings, **{name: ""}))
