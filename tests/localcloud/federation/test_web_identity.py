"""The token of AssumeRoleWithWebIdentity: which principal and condition keys it gives, and how STS refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import web_identity
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.principal import FederatedPrincipal
from tests.localcloud.federation.conftest import CLIENT, NOW, claims
from tests.localcloud.federation.stand_in import OTHER_RSA, StandIn, sign

TAGS = "https://aws.amazon.com/tags"


def verify(ctx: Context, token: str, provider_id: str | None = None) -> FederatedPrincipal:
    return web_identity.verify(ctx, token, provider_id)


def refusal(ctx: Context, token: str, provider_id: str | None = None) -> str:
    with pytest.raises(AwsError) as caught:
        verify(ctx, token, provider_id)
    return f"{caught.value.code}: {caught.value.message}"


def test_a_registered_provider_is_found_by_the_issuer(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn
) -> None:
    found = verify(ctx, sign(claims(stand_in.url, email="ada@example.com", amr=["pwd"])))
    assert (found.provider, found.issuer) == (provider.arn, stand_in.url)
    assert (found.subject, found.audience) == ("user-ada", CLIENT)
    kept = {
        f"{stand_in.host}:sub": "user-ada",
        f"{stand_in.host}:aud": CLIENT,
        f"{stand_in.host}:amr": ["pwd"],
    }
    assert found.context == {**kept, f"{stand_in.host}:oaud": CLIENT, f"{stand_in.host}:email": "ada@example.com"}
    assert found.session_context == kept
    assert (found.tags, found.transitive_tags, found.source_identity) == ({}, (), "")


def test_a_provider_that_is_not_registered_is_refused(ctx: Context, stand_in: StandIn) -> None:
    said = "InvalidIdentityToken: No OpenIDConnect provider found in your account for "
    assert refusal(ctx, sign(claims(stand_in.url))) == f"{said}{stand_in.url}"
    assert stand_in.asked == []


def test_the_scheme_of_the_issuer_counts(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    assert "No OpenIDConnect provider found" in refusal(ctx, sign(claims(f"https://{stand_in.host}")))
    assert "No OpenIDConnect provider found" in refusal(ctx, sign(claims(stand_in.host)))


def test_google_needs_no_entity_in_iam(ctx: Context, stand_in: StandIn) -> None:
    ctx.cloud.providers = {"accounts.google.com": stand_in.url}
    found = verify(ctx, sign(claims("https://accounts.google.com", aud="any-app")))
    assert (found.provider, found.audience) == ("accounts.google.com", "any-app")
    assert found.context["accounts.google.com:aud"] == "any-app"


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_google_as_an_entity_counts_for_its_client_ids(ctx: Context, stand_in: StandIn, issuer: str) -> None:
    arn = "arn:aws:iam::000000000000:oidc-provider/accounts.google.com"
    ctx.store.insert(OpenIdProvider(arn, "https://accounts.google.com", [CLIENT], [], NOW))
    ctx.cloud.providers = {"accounts.google.com": stand_in.url}
    assert verify(ctx, sign(claims(issuer))).provider == arn
    assert refusal(ctx, sign(claims(issuer, aud="other"))) == "InvalidIdentityToken: Incorrect token audience"


def test_access_tokens_need_the_providers_id(ctx: Context, stand_in: StandIn) -> None:
    ctx.cloud.providers = dict.fromkeys(("graph.facebook.com", "www.amazon.com"), stand_in.url)
    stand_in.facebook("EAAgood", "app", {"id": "10001"})
    found = verify(ctx, "EAAgood", "graph.facebook.com")
    assert (found.provider, found.issuer) == ("graph.facebook.com", "graph.facebook.com")
    assert found.session_context == {"graph.facebook.com:app_id": "app", "graph.facebook.com:id": "10001"}
    assert refusal(ctx, "EAAgood").startswith("InvalidIdentityToken: ")
    assert refusal(ctx, "Atza|x", "www.amazon.com") == "IDPRejectedClaim: www.amazon.com does not accept the token."


@pytest.mark.parametrize("provider_id", ["accounts.google.com", "api.twitter.com", "idp.example.com", ""])
def test_other_provider_ids_are_refused_by_name(ctx: Context, provider_id: str) -> None:
    assert f"Provider {provider_id} is not one of" in refusal(ctx, "token", provider_id)


def test_refusals_have_the_codes_of_sts(ctx: Context, provider: OpenIdProvider, stand_in: StandIn) -> None:
    good = claims(stand_in.url)
    now = int(NOW)
    assert refusal(ctx, sign({**good, "exp": now})) == (
        f"ExpiredTokenException: Token expired: current date/time {now} must be before the expiration date/time {now}"
    )
    assert refusal(ctx, sign({**good, "aud": "x"})) == "InvalidIdentityToken: Incorrect token audience"
    assert refusal(ctx, sign(good, OTHER_RSA)) == "InvalidIdentityToken: Couldn't verify signed token."
    assert refusal(ctx, "x") == "InvalidIdentityToken: Not a valid OpenId Connect identity token."
    ctx.cloud.keys.clear()
    stand_in.answers["/keys"] = (500, {}, b"")
    assert refusal(ctx, sign(good)).startswith(f"IDPCommunicationError: {stand_in.host} could not be reached")


@pytest.mark.parametrize(
    "tags",
    [
        {TAGS: {"principal_tags": {"Project": ["Apollo"], "Cost": ["7"]}, "transitive_tag_keys": ["Project"]}},
        {
            f"{TAGS}/principal_tags/Project": "Apollo",
            f"{TAGS}/principal_tags/Cost": ["7"],
            f"{TAGS}/transitive_tag_keys": ["Project"],
        },
    ],
)
def test_a_token_may_carry_session_tags_nested_or_flat(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn, tags: dict[str, Any]
) -> None:
    found = verify(ctx, sign(claims(stand_in.url, **tags, **{"https://aws.amazon.com/source_identity": "ada"})))
    assert found.tags == {"Project": "Apollo", "Cost": "7"}
    assert (found.transitive_tags, found.source_identity) == (("Project",), "ada")


@pytest.mark.parametrize(
    "bad",
    [
        {TAGS: []},
        {TAGS: {"principal_tags": []}},
        {TAGS: {"principal_tags": {"a": ["x", "y"]}}},
        {TAGS: {"principal_tags": {"a": [{}]}}},
        {TAGS: {"principal_tags": {"a": ["x"], "A": ["y"]}}},
        {TAGS: {"principal_tags": {"aws:a": ["x"]}}},
        {TAGS: {"principal_tags": {"a*": ["x"]}}},
        {TAGS: {"principal_tags": {"a": ["*"]}}},
        {TAGS: {"principal_tags": {"a": ["${aws:userid}"]}}},
        {TAGS: {"principal_tags": {"a": ["x" * 257]}}},
        {TAGS: {"principal_tags": {"": ["x"]}}},
        {TAGS: {"principal_tags": {str(n): ["x"] for n in range(51)}}},
        {TAGS: {"transitive_tag_keys": "a"}},
        {"https://aws.amazon.com/source_identity": "a b"},
        {"https://aws.amazon.com/source_identity": "aws:ada"},
        {"https://aws.amazon.com/source_identity": 7},
    ],
)
def test_tags_that_sts_would_not_take_refuse_the_token(
    ctx: Context, provider: OpenIdProvider, stand_in: StandIn, bad: dict[str, Any]
) -> None:
    assert refusal(ctx, sign(claims(stand_in.url, **bad))).startswith("InvalidIdentityToken: ")


def test_github_has_keys_of_its_own(ctx: Context, stand_in: StandIn) -> None:
    name = "token.actions.githubusercontent.com"
    ctx.cloud.providers = {name: stand_in.url}
    arn = f"arn:aws:iam::000000000000:oidc-provider/{name}"
    ctx.store.insert(OpenIdProvider(arn, f"https://{name}", [CLIENT], [], NOW))
    found = verify(ctx, sign(claims(f"https://{name}", repository_id="7", ref="refs/heads/main", event_name="push")))
    assert found.context[f"{name}:repository_id"] == "7"
    assert f"{name}:event_name" not in found.context
    assert f"{name}:repository_id" not in found.session_context
