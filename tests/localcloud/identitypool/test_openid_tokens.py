"""The classic flow: a token says whose identity it is and how that was proven, where the pool allows the flow."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import pytest

from localcloud.identitypool import openid_tokens
from localcloud.jws import RS256, InvalidTokenError
from tests.localcloud.identitypool.conftest import CLIENT_ID, KEY, NOW, OTHER_KEY, PROVIDER, World
from tests.localcloud.identitypool.test_identities import other_login, with_two_providers
from tests.localcloud.identitypool.test_role_mapping import set_mappings, token_mapping

NOT_ENABLED = "InvalidParameterException: Basic (classic) flow is not enabled, please use enhanced flow."
NOT_WITH_MAPPINGS = (
    "InvalidParameterException: Basic (classic) flow is not supported with RoleMappings, please use enhanced flow."
)


def token_of(world: World, identity_id: str, logins: dict[str, str] | None = None) -> dict[str, Any]:
    """The answer of GetOpenIdToken, from a pool that allows the classic flow."""
    world.change_pool(AllowClassicFlow=True)
    request = {"Logins": logins} if logins else {}
    return world.call("GetOpenIdToken", IdentityId=identity_id, **request)


def claims_of(world: World, answer: dict[str, Any]) -> dict[str, Any]:
    """What a token of this cloud says."""
    return openid_tokens.verify(world.ctx, answer["Token"])


def test_a_users_token(world: World) -> None:
    ann = world.get_id("ann")
    answer = token_of(world, ann, world.logins("ann"))
    assert answer["IdentityId"] == ann
    assert claims_of(world, answer) == {
        "iss": "https://cognito-identity.amazonaws.com",
        "aud": world.pool_id,
        "sub": ann,
        "amr": ["authenticated", PROVIDER, f"{PROVIDER}:CognitoSignIn:sub-ann"],
        "https://cognito-identity.amazonaws.com/identity-pool-arn": (
            f"arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{world.pool_id}"
        ),
        "iat": int(NOW),
        "exp": int(NOW) + 600,
    }


def test_a_guests_token(world: World) -> None:
    guest = world.get_id()
    claims = claims_of(world, token_of(world, guest))
    assert (claims["sub"], claims["amr"]) == (guest, ["unauthenticated"])


def test_a_token_carries_the_principal_tags(world: World) -> None:
    """Rule 49: STS takes the session's tags from this claim."""
    provider = {"IdentityPoolId": world.pool_id, "IdentityProviderName": PROVIDER}
    world.call("SetPrincipalTagAttributeMap", **provider, UseDefaults=True)
    claims = claims_of(world, token_of(world, world.get_id("ann"), world.logins("ann")))
    tags = {"username": ["sub-ann"], "client": [CLIENT_ID]}
    assert claims["https://aws.amazon.com/tags"] == {"principal_tags": tags}


@pytest.mark.parametrize("settings", [{"AllowClassicFlow": False}, {}])
def test_a_pool_that_does_not_allow_the_flow_gives_no_token(world: World, settings: dict[str, bool]) -> None:
    """Attack: a guest who takes the guest role by itself and has no scope-down, or a user who takes another role."""
    world.change_pool(**settings)
    assert world.refusal("GetOpenIdToken", IdentityId=world.get_id()) == NOT_ENABLED
    assert world.refusal("GetOpenIdToken", IdentityId=world.get_id("ann"), Logins=world.logins("ann")) == NOT_ENABLED


def test_a_pool_with_role_mappings_gives_no_token(world: World) -> None:
    world.change_pool(AllowClassicFlow=True)
    set_mappings(world, {f"{PROVIDER}:{CLIENT_ID}": token_mapping()})
    assert world.refusal("GetOpenIdToken", IdentityId=world.get_id()) == NOT_WITH_MAPPINGS


def test_an_identity_is_for_its_owner_here_too(world: World) -> None:
    world.change_pool(AllowClassicFlow=True)
    ann = world.get_id("ann")
    forbidden = f"NotAuthorizedException: Access to Identity '{ann}' is forbidden."
    assert world.refusal("GetOpenIdToken", IdentityId=ann) == forbidden
    refusal = world.refusal("GetOpenIdToken", IdentityId=ann, Logins=world.logins("bob"))
    assert refusal.startswith("NotAuthorizedException: Logins don't match.")


def test_a_merge_shows_in_the_answer_and_in_the_token(world: World) -> None:
    ann, guest = world.get_id("ann"), world.get_id()
    answer = token_of(world, guest, world.logins("ann"))
    assert answer["IdentityId"] == claims_of(world, answer)["sub"] == ann


def test_every_login_is_named(world: World) -> None:
    with_two_providers(world)
    both = {**world.logins("ann"), **other_login(world, "ann")}
    assert len(claims_of(world, token_of(world, world.get_id("ann"), both))["amr"]) == 5


def refused(world: World, token: str) -> str:
    """Why a token is refused."""
    with pytest.raises(InvalidTokenError) as caught:
        openid_tokens.verify(world.ctx, token)
    return str(caught.value)


def test_a_token_is_good_for_ten_minutes(world: World) -> None:
    token = token_of(world, world.get_id())["Token"]
    world.ctx.cloud.clock.advance(599)
    assert openid_tokens.verify(world.ctx, token)
    world.ctx.cloud.clock.advance(1)
    assert refused(world, token) == "expired"


def test_what_no_identity_pool_has_signed_is_refused(world: World) -> None:
    """Attack: a user pool's token, a stranger's, other claims under the same signature, `alg: none`."""
    token = token_of(world, world.get_id())["Token"]
    claims = openid_tokens.verify(world.ctx, token)
    head, body, signature = token.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    swapped = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "x"}).encode()).decode().rstrip("=")
    for forged in (KEY.sign(claims), OTHER_KEY.sign(claims), f"{none}.{body}.", f"{head}.{swapped}.{signature}", "x"):
        assert refused(world, forged)


def test_a_token_is_signed_as_aws_signs_it(world: World) -> None:
    head = token_of(world, world.get_id())["Token"].partition(".")[0]
    key = openid_tokens.key(world.ctx)
    assert base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)) == (
        b'{"kid":"%s","typ":"JWS","alg":"RS512"}' % key.kid.encode()
    )
    assert (key.jwk["alg"], key.jwk["kid"]) == ("RS512", key.kid)


def test_attack_another_algorithm_under_the_same_key(world: World) -> None:
    claims = claims_of(world, token_of(world, world.get_id()))
    weaker = dataclasses.replace(openid_tokens.key(world.ctx), algorithm=RS256).sign(claims)
    assert refused(world, weaker) == "not signed by this key"


def test_another_issuer_under_the_same_key_is_refused(world: World) -> None:
    token = openid_tokens.key(world.ctx).sign({"iss": f"https://{PROVIDER}", "exp": NOW + 60})
    assert refused(world, token) == "not of an identity pool"


@pytest.mark.parametrize("operation", ["GetId", "GetOpenIdToken", "UnlinkIdentity"])
def test_a_token_of_the_pool_itself_is_no_login(world: World, operation: str) -> None:
    guest = world.get_id()
    logins = {openid_tokens.NAME: token_of(world, guest)["Token"]}
    request: dict[str, Any] = {"IdentityId": guest, "LoginsToRemove": [PROVIDER], "IdentityPoolId": world.pool_id}
    wanted = {"GetId": ["IdentityPoolId"], "GetOpenIdToken": ["IdentityId"]}.get(
        operation, ["IdentityId", "LoginsToRemove"]
    )
    refusal = world.refusal(operation, Logins=logins, **{name: request[name] for name in wanted})
    assert refusal == "NotAuthorizedException: Invalid login token. Can't pass in a Cognito token."


def test_a_guests_token_is_no_login_for_credentials_either(world: World) -> None:
    """Attack: a guest who becomes a signed-in user by its own token."""
    world.change_pool(DeveloperProviderName="login.example")
    guest = world.get_id()
    logins = {openid_tokens.NAME: token_of(world, guest)["Token"]}
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=guest, Logins=logins)
    assert refusal.startswith("NotAuthorizedException: ")
