"""Logins of other providers than user pools: who gets an identity by them, and in which words they are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.federation.fetch import fetch
from localcloud.federation.models import OpenIdProvider, SamlProvider
from localcloud.identitypool import logins
from localcloud.identitypool.pools import require_pool
from tests.localcloud.federation import saml_signer
from tests.localcloud.federation.conftest import CLIENT, claims
from tests.localcloud.federation.stand_in import OTHER_RSA, StandIn, sign
from tests.localcloud.identitypool.conftest import NOW, PROVIDER, World
from tests.localcloud.identitypool.test_role_mapping import (
    DEFAULT,
    GOLD,
    SILVER,
    forbidden,
    rule,
    rules_mapping,
    set_mappings,
    token_mapping,
)

GOOGLE = "accounts.google.com"
UNSUPPORTED = "NotAuthorizedException: Token is not from a supported provider of this identity pool."


@pytest.fixture
def stand_in(world: World) -> Iterator[StandIn]:
    """Every public provider at once, in a pool that takes them all."""
    names = (GOOGLE, "appleid.apple.com", "graph.facebook.com", "www.amazon.com")
    with StandIn() as running:
        world.ctx.cloud.fetch = fetch
        world.ctx.cloud.providers = dict.fromkeys(names, running.url)
        world.change_pool(SupportedLoginProviders=dict.fromkeys(names, CLIENT))
        yield running


@pytest.fixture
def registered(world: World, stand_in: StandIn) -> str:
    """The stand-in as an OpenID Connect provider of the pool; the key of its logins."""
    register(world, stand_in.url, [CLIENT])
    return stand_in.host


def register(world: World, url: str, client_ids: list[str]) -> None:
    arn = f"arn:aws:iam::000000000000:oidc-provider/{url.partition('://')[2]}"
    world.ctx.store.put(OpenIdProvider(arn, url, client_ids, [], NOW))
    world.change_pool(OpenIdConnectProviderARNs=[arn])


def identity(world: World, name: str, token: str) -> str:
    return str(world.call("GetId", IdentityPoolId=world.pool_id, Logins={name: token})["IdentityId"])


def refusal(world: World, name: str, token: str) -> str:
    return world.refusal("GetId", IdentityPoolId=world.pool_id, Logins={name: token})


def test_each_provider_gives_its_user_one_identity(world: World, stand_in: StandIn, registered: str) -> None:
    stand_in.facebook("EAAgood", CLIENT, {"id": "10001"})
    info = {"aud": CLIENT, "user_id": "amzn1.u", "exp": 60}
    stand_in.amazon("Atza|good", info, {"user_id": "amzn1.u"})
    tokens = {
        GOOGLE: sign(claims(f"https://{GOOGLE}")),
        "appleid.apple.com": sign(claims("https://appleid.apple.com")),
        "graph.facebook.com": "EAAgood",
        "www.amazon.com": "Atza|good",
        registered: sign(claims(stand_in.url)),
    }
    found = {name: identity(world, name, token) for name, token in tokens.items()}
    assert len(set(found.values())) == len(tokens)
    assert found == {name: identity(world, name, token) for name, token in tokens.items()}
    for name, identity_id in found.items():
        assert world.call("DescribeIdentity", IdentityId=identity_id)["Logins"] == [name]


def test_the_session_says_how_its_user_has_signed_in(world: World, stand_in: StandIn) -> None:
    token = sign(claims(f"https://{GOOGLE}"))
    session = world.session(identity(world, GOOGLE, token), {GOOGLE: token})
    assert session.context["cognito-identity.amazonaws.com:amr"] == [
        "authenticated",
        GOOGLE,
        f"{GOOGLE}:{CLIENT}:user-ada",
    ]


def test_a_login_is_linked_to_an_identity_as_a_user_pools_is(world: World, stand_in: StandIn) -> None:
    both = {**world.logins("ann"), GOOGLE: sign(claims(f"https://{GOOGLE}"))}
    found = world.call("GetId", IdentityPoolId=world.pool_id, Logins=both)["IdentityId"]
    assert found == world.get_id("ann") == identity(world, GOOGLE, both[GOOGLE])


def test_another_apps_token_is_not_from_a_supported_provider(world: World, stand_in: StandIn) -> None:
    assert refusal(world, GOOGLE, sign(claims(f"https://{GOOGLE}", aud="another-app"))) == UNSUPPORTED
    stand_in.facebook("EAAother", "another-app", {"id": "10001"})
    assert refusal(world, "graph.facebook.com", "EAAother") == UNSUPPORTED


def test_the_one_id_of_a_provider_is_taken_as_it_is(world: World, stand_in: StandIn) -> None:
    """A separator would make two apps of one id; more than one is what an entity in IAM is for."""
    world.change_pool(SupportedLoginProviders={GOOGLE: f"{CLIENT};other"})
    for audience in (CLIENT, "other"):
        assert refusal(world, GOOGLE, sign(claims(f"https://{GOOGLE}", aud=audience))) == UNSUPPORTED


@pytest.mark.parametrize("audience", [CLIENT, "android-app", "ios-app"])
def test_google_with_several_apps_is_an_entity_in_iam(world: World, stand_in: StandIn, audience: str) -> None:
    register(world, f"https://{GOOGLE}", ["android-app", "ios-app"])
    assert identity(world, GOOGLE, sign(claims(f"https://{GOOGLE}", aud=audience)))
    assert identity(world, GOOGLE, sign(claims(GOOGLE, aud="web", azp=audience)))


def test_google_may_be_an_entity_in_iam_alone(world: World, stand_in: StandIn) -> None:
    register(world, f"https://{GOOGLE}", [CLIENT])
    world.change_pool(SupportedLoginProviders={})
    assert identity(world, GOOGLE, sign(claims(GOOGLE)))


def test_a_registered_provider_has_to_belong_to_the_pool(world: World, stand_in: StandIn, registered: str) -> None:
    token = sign(claims(stand_in.url))
    assert identity(world, registered, token)
    world.change_pool(OpenIdConnectProviderARNs=[])
    assert refusal(world, registered, token) == UNSUPPORTED


def test_a_provider_that_is_gone_from_iam_is_not_supported(world: World, stand_in: StandIn, registered: str) -> None:
    world.ctx.store.delete(OpenIdProvider, f"arn:aws:iam::000000000000:oidc-provider/{registered}")
    assert refusal(world, registered, sign(claims(stand_in.url))) == UNSUPPORTED


def test_the_login_key_is_the_issuer_and_not_the_arn(world: World, stand_in: StandIn, registered: str) -> None:
    token = sign(claims(stand_in.url))
    assert refusal(world, f"arn:aws:iam::000000000000:oidc-provider/{registered}", token) == UNSUPPORTED
    assert identity(world, f"{registered}/", token) == identity(world, registered, token)


def test_a_token_counts_under_its_own_providers_name_only(world: World, stand_in: StandIn, registered: str) -> None:
    for name, issuer in ((GOOGLE, stand_in.url), (registered, f"https://{GOOGLE}"), ("appleid.apple.com", GOOGLE)):
        wrong = "NotAuthorizedException: Invalid login token. Issuer doesn't match providerName"
        assert refusal(world, name, sign(claims(issuer))) == wrong
    assert refusal(world, PROVIDER, sign(claims(f"https://{GOOGLE}"))).endswith("Issuer doesn't match providerName")


def test_the_refusals_are_those_of_aws(world: World, stand_in: StandIn, registered: str) -> None:
    good, invalid = claims(stand_in.url), "NotAuthorizedException: Invalid login token. "
    now = int(NOW)
    assert refusal(world, registered, sign({**good, "aud": "x"})) == f"{invalid}Incorrect token audience."
    assert refusal(world, registered, sign(good, OTHER_RSA)) == f"{invalid}Couldn't verify signed token."
    assert refusal(world, registered, sign({**good, "exp": now})) == f"{invalid}Token expired: {now} >= {now}"
    assert refusal(world, registered, "x") == f"{invalid}Not a valid OpenId Connect identity token."
    unknown = f"{invalid}graph.facebook.com does not accept the token."
    assert refusal(world, "graph.facebook.com", "EAAunknown") == unknown


def test_a_provider_that_cannot_be_reached_lets_nobody_in(world: World, stand_in: StandIn) -> None:
    world.ctx.cloud.providers = {GOOGLE: "http://127.0.0.1:1"}
    said = refusal(world, GOOGLE, sign(claims(f"https://{GOOGLE}")))
    assert said.startswith(f"ExternalServiceException: {GOOGLE} could not be reached at http://127.0.0.1:1/.well-known")
    assert said.endswith(f"--provider {GOOGLE}=URL")


def test_a_pool_with_an_outside_provider_alone_takes_its_logins(world: World, stand_in: StandIn) -> None:
    world.change_pool(CognitoIdentityProviders=[])
    assert identity(world, GOOGLE, sign(claims(f"https://{GOOGLE}")))
    assert refusal(world, PROVIDER, world.sign_in("ann")["IdToken"]) == UNSUPPORTED


def add_saml(world: World) -> None:
    provider = SamlProvider(saml_signer.PROVIDER, "SAMLSP1", saml_signer.metadata(), NOW + 86_400, NOW)
    world.ctx.store.insert(provider)
    world.change_pool(SamlProviderARNs=[provider.arn])


def test_a_saml_response_is_a_login_under_the_providers_arn(world: World) -> None:
    add_saml(world)
    response = saml_signer.encoded(saml_signer.signed_response(NOW))
    found = identity(world, saml_signer.PROVIDER, response)
    assert found == identity(world, saml_signer.PROVIDER, response)
    assert world.call("DescribeIdentity", IdentityId=found)["Logins"] == [saml_signer.PROVIDER]


def test_a_forged_saml_response_and_one_of_another_pools_provider_are_refused(world: World) -> None:
    add_saml(world)
    unsigned = saml_signer.encoded(saml_signer.response(NOW))
    invalid = "NotAuthorizedException: Invalid login token. Response signature invalid"
    assert refusal(world, saml_signer.PROVIDER, unsigned) == invalid
    good = saml_signer.encoded(saml_signer.signed_response(NOW))
    assert refusal(world, f"{saml_signer.PROVIDER}-2", good) == UNSUPPORTED
    world.change_pool(SamlProviderARNs=[])
    assert refusal(world, saml_signer.PROVIDER, good) == UNSUPPORTED


def saml_login(**said: str | list[str]) -> dict[str, str]:
    """The `Logins` of a response with these attributes."""
    response = saml_signer.signed_response(NOW, saml_signer.attributes(said))
    return {saml_signer.PROVIDER: saml_signer.encoded(response)}


def saml_role(world: World, mapping: dict[str, Any], logins: dict[str, str], **request: str) -> str:
    """The role of a login when the SAML provider has this mapping, or none."""
    set_mappings(world, {saml_signer.PROVIDER: mapping} if mapping else {})
    identity_id = world.call("GetId", IdentityPoolId=world.pool_id, Logins=logins)["IdentityId"]
    return world.session(identity_id, logins, **request).role_arn


def test_a_saml_providers_arn_is_the_key_of_its_role_mapping(world: World) -> None:
    add_saml(world)
    offers = {"Role": [f"{GOLD},{saml_signer.PROVIDER}", f"{SILVER},{saml_signer.PROVIDER}"]}
    both, one = saml_login(**offers), saml_login(Role=offers["Role"][1])
    assert saml_role(world, token_mapping(), one) == SILVER
    assert saml_role(world, token_mapping("AuthenticatedRole"), both) == DEFAULT
    assert saml_role(world, token_mapping(), both, CustomRoleArn=GOLD) == GOLD
    by_team = rules_mapping(rule("urn:team", "Equals", "blue"))
    assert saml_role(world, by_team, saml_login(**{"urn:team": "blue"})) == GOLD
    assert saml_role(world, by_team, saml_login(**{"urn:team": ["red", "blue"]})) == GOLD


def test_the_roles_of_a_response_count_for_nothing_without_a_mapping(world: World) -> None:
    """Attack: a role of one's choice, because the identity provider offers it to sessions of its own."""
    add_saml(world)
    login = saml_login(Role=f"{GOLD},{saml_signer.PROVIDER}")
    assert saml_role(world, {}, login) == DEFAULT
    with pytest.raises(AwsError) as caught:
        saml_role(world, {}, login, CustomRoleArn=GOLD)
    assert str(caught.value) == forbidden(GOLD)


def test_what_is_proven_has_the_app_and_the_claims_with_it(world: World, stand_in: StandIn) -> None:
    add_saml(world)
    response = saml_signer.encoded(saml_signer.signed_response(NOW, saml_signer.attributes({"urn:team": "blue"})))
    tokens = {GOOGLE: sign(claims(f"https://{GOOGLE}", team="red")), saml_signer.PROVIDER: response}
    proven = logins.verify(world.ctx, require_pool(world.ctx, world.pool_id), tokens)
    said: list[tuple[str, str, str, Any]] = [
        (login.provider, login.sub, login.audience, login.claims.get("team") or login.claims["urn:team"])
        for login in proven
    ]
    assert said == [
        (GOOGLE, "user-ada", CLIENT, "red"),
        (saml_signer.PROVIDER, "user-ada", saml_signer.ENDPOINT, "blue"),
    ]
