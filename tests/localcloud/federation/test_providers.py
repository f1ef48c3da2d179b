"""Each public provider: what its token proves, for which app, which condition keys it gives, and who is refused."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.context import Context
from localcloud.federation.errors import (
    AudienceError,
    FederationError,
    RejectedError,
    TokenError,
    TokenExpiredError,
    UnreachableError,
)
from localcloud.federation.openid import WRONG_ISSUER
from localcloud.federation.providers import REFUSED, VERIFIERS
from localcloud.federation.user import FederatedUser
from tests.localcloud.federation.conftest import CLIENT, claims
from tests.localcloud.federation.stand_in import StandIn, sign

GOOGLE, APPLE = "accounts.google.com", "appleid.apple.com"
FACEBOOK, AMAZON = "graph.facebook.com", "www.amazon.com"
APP = "1234567890"
INFO = {"aud": "amzn1.application-oa2-client.x", "app_id": "amzn1.application.x", "user_id": "amzn1.u", "exp": 3597}
PROFILE = {"user_id": "amzn1.u", "name": "Ada", "email": "ada@example.com"}


@pytest.fixture(autouse=True)
def _all_providers(ctx: Context, stand_in: StandIn) -> None:
    ctx.cloud.providers = dict.fromkeys(VERIFIERS, stand_in.url)
    stand_in.facebook("EAAgood", APP, {"id": "10001", "name": "Ada"})
    stand_in.amazon("Atza|good", INFO, PROFILE)


def verify(ctx: Context, provider: str, token: str, clients: set[str] | None = None) -> FederatedUser:
    return VERIFIERS[provider](ctx.cloud, token, clients)


def refused(
    ctx: Context, provider: str, token: str, kind: type[FederationError], clients: set[str] | None = None
) -> str:
    with pytest.raises(kind) as caught:
        verify(ctx, provider, token, clients)
    return str(caught.value)


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_google_signs_with_two_issuers_and_a_stand_in_with_googles_own(
    ctx: Context, stand_in: StandIn, issuer: str
) -> None:
    stand_in.issuer = "https://accounts.google.com"
    user = verify(ctx, GOOGLE, sign(claims(issuer, email="ada@example.com")), {CLIENT})
    assert (user.provider, user.issuer, user.subject, user.audience) == (GOOGLE, issuer, "user-ada", CLIENT)
    assert user.context == {
        "accounts.google.com:sub": "user-ada",
        "accounts.google.com:aud": CLIENT,
        "accounts.google.com:oaud": CLIENT,
        "accounts.google.com:email": "ada@example.com",
    }
    assert user.session_keys == {"accounts.google.com:sub", "accounts.google.com:aud"}


def test_googles_hybrid_apps_have_two_audiences(ctx: Context) -> None:
    user = verify(ctx, GOOGLE, sign(claims(f"https://{GOOGLE}", aud="web", azp=CLIENT)), {CLIENT})
    assert user.context["accounts.google.com:aud"] == CLIENT
    assert user.context["accounts.google.com:oaud"] == "web"
    several = verify(ctx, GOOGLE, sign(claims(f"https://{GOOGLE}", aud=["web", "api"], azp=CLIENT)), {CLIENT})
    assert several.context["accounts.google.com:oaud"] == ["web", "api"]


@pytest.mark.parametrize("issuer", [f"https://{APPLE}", f"https://{GOOGLE}.evil.example", f"http://{GOOGLE}", "google"])
def test_google_does_not_vouch_for_others(ctx: Context, issuer: str) -> None:
    assert refused(ctx, GOOGLE, sign(claims(issuer)), TokenError) == WRONG_ISSUER


def test_a_stand_in_does_not_sign_for_google_by_its_own_name(ctx: Context, stand_in: StandIn) -> None:
    assert refused(ctx, GOOGLE, sign(claims(stand_in.url)), TokenError) == WRONG_ISSUER


def test_apple_signs_with_one_issuer(ctx: Context) -> None:
    token = sign(claims(f"https://{APPLE}", aud="com.example.app", amr=["pwd", "otp"]))
    user = verify(ctx, APPLE, token, {"com.example.app"})
    assert (user.provider, user.subject, user.audience) == (APPLE, "user-ada", "com.example.app")
    assert user.context["appleid.apple.com:amr"] == ["pwd", "otp"]
    assert refused(ctx, APPLE, sign(claims(APPLE)), TokenError) == WRONG_ISSUER
    refused(ctx, APPLE, sign(claims(f"https://{APPLE}", aud="com.example.other")), AudienceError, {"com.example.app"})


def test_facebook_says_whose_a_token_is_and_for_which_app(ctx: Context) -> None:
    user = verify(ctx, FACEBOOK, "EAAgood", {APP})
    assert (user.subject, user.audience, user.claims["name"]) == ("10001", APP, "Ada")
    assert user.context == {"graph.facebook.com:app_id": APP, "graph.facebook.com:id": "10001"}
    refused(ctx, FACEBOOK, "EAAgood", AudienceError, {"another-app"})


@pytest.mark.parametrize("token", ["EAAunknown", "", "x" * 5000])
def test_facebook_refuses_an_unknown_token(ctx: Context, token: str) -> None:
    assert refused(ctx, FACEBOOK, token, RejectedError) == "graph.facebook.com does not accept the token."


@pytest.mark.parametrize("answer", [{}, {"id": ""}, {"id": 7}, {"id": None}])
def test_facebook_has_to_say_whose(ctx: Context, stand_in: StandIn, answer: Any) -> None:
    """An answer without an id would make all users one."""
    stand_in.answers["/me EAAgood"] = answer
    refused(ctx, FACEBOOK, "EAAgood", RejectedError)


def test_facebooks_limited_login_is_refused_by_name(ctx: Context) -> None:
    token = sign(claims("https://www.facebook.com"))
    assert "Limited Login" in refused(ctx, FACEBOOK, token, TokenError)


@pytest.mark.parametrize("client", [INFO["aud"], INFO["app_id"]])
def test_amazon_says_whose_a_token_is_and_for_which_app(ctx: Context, client: str) -> None:
    user = verify(ctx, AMAZON, "Atza|good", {client})
    assert (user.subject, user.audience) == ("amzn1.u", "amzn1.application.x")
    assert user.context == {"www.amazon.com:app_id": "amzn1.application.x", "www.amazon.com:user_id": "amzn1.u"}


def test_amazon_refuses_another_apps_token_before_it_looks_at_the_profile(ctx: Context, stand_in: StandIn) -> None:
    refused(ctx, AMAZON, "Atza|good", AudienceError, {"another-app", ""})
    assert stand_in.asked == ["/auth/o2/tokeninfo"]


def test_amazon_has_to_speak_of_one_user(ctx: Context, stand_in: StandIn) -> None:
    stand_in.amazon("Atza|good", INFO, {**PROFILE, "user_id": "amzn1.other"})
    refused(ctx, AMAZON, "Atza|good", RejectedError)
    stand_in.amazon("Atza|good", {**INFO, "user_id": ""}, {**PROFILE, "user_id": ""})
    refused(ctx, AMAZON, "Atza|good", RejectedError)


def test_amazons_ended_and_unknown_tokens_are_refused(ctx: Context, stand_in: StandIn) -> None:
    stand_in.amazon("Atza|old", {**INFO, "exp": 0}, PROFILE)
    refused(ctx, AMAZON, "Atza|old", TokenExpiredError)
    refused(ctx, AMAZON, "Atza|unknown", RejectedError)


@pytest.mark.parametrize("provider", [FACEBOOK, AMAZON])
def test_an_error_never_shows_the_token(ctx: Context, provider: str) -> None:
    """The token is in the address that is asked."""
    ctx.cloud.providers = {provider: "http://127.0.0.1:1"}
    with pytest.raises(UnreachableError) as caught:
        verify(ctx, provider, "Secret-token", None)
    assert "Secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert f"--provider {provider}=URL" in str(caught.value)


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_provider_that_fails_has_not_said_yes(ctx: Context, stand_in: StandIn, status: int) -> None:
    stand_in.answers["/me EAAgood"] = (status, {}, b"{}")
    refused(ctx, FACEBOOK, "EAAgood", UnreachableError)


def test_the_providers_that_nobody_can_sign_in_with_are_named() -> None:
    assert set(REFUSED) == {"api.twitter.com", "www.digits.com"}
    assert not set(REFUSED) & set(VERIFIERS)
