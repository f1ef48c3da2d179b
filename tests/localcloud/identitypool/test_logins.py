"""A login counts only if the right user pool made its token, as an ID token, for this app, and its sign-in stands."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from localcloud.store import replaced
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient, User, UserPool
from tests.localcloud.identitypool.conftest import (
    CLIENT_ID,
    KEY,
    NOW,
    OTHER_KEY,
    POOL_ID,
    PROVIDER,
    World,
    add_user_pool,
)

OTHER_POOL = "us-east-1_Other9999"
OTHER_PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{OTHER_POOL}"
UNSUPPORTED = "Token is not from a supported provider of this identity pool."


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good ID token, but for the sign-in behind it."""
    issuer = f"https://{PROVIDER}"
    good = {"iss": issuer, "sub": "sub-ann", "aud": CLIENT_ID, "token_use": "id", "exp": int(NOW) + 60}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def refused(world: World, token: str, provider: str = PROVIDER) -> str:
    """How GetId refuses a token."""
    return world.refusal("GetId", IdentityPoolId=world.pool_id, Logins={provider: token}).partition(": ")[2]


def test_a_forged_token_is_refused(world: World) -> None:
    assert refused(world, OTHER_KEY.sign(claims())) == "Invalid login token. Couldn't verify signed token."


def test_a_token_with_swapped_claims_is_refused(world: World) -> None:
    head, _, signature = world.sign_in("ann")["IdToken"].split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(sub="sub-bob")).encode()).decode().rstrip("=")
    assert refused(world, f"{head}.{body}.{signature}") == "Invalid login token. Couldn't verify signed token."


def test_alg_none_is_refused(world: World) -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": KEY.kid}).encode()).decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).decode().rstrip("=")
    assert refused(world, f"{head}.{body}.") == "Invalid login token. Couldn't verify signed token."


@pytest.mark.parametrize("token", ["x", "a.b.c", "é.é.é", "....", "A" * 50_000])
def test_what_is_no_token_is_refused(world: World, token: str) -> None:
    assert refused(world, token) == "Invalid login token. Not a valid OpenId Connect identity token."


def test_an_expired_token_is_refused(world: World) -> None:
    world.set_provider(ServerSideTokenCheck=False)
    token = world.sign_in("ann")["IdToken"]
    world.ctx.cloud.clock.advance(3600)
    now = int(NOW) + 3600
    assert refused(world, token) == f"Invalid login token. Token expired: {now} >= {now}"


def test_another_pools_token_is_refused_under_either_name(world: World) -> None:
    add_user_pool(world, OTHER_POOL, "otherclient", OTHER_KEY)
    token = world.sign_in("ann", "otherclient", OTHER_POOL)["IdToken"]
    assert refused(world, token) == "Invalid login token. Issuer doesn't match providerName"
    assert refused(world, token, OTHER_PROVIDER) == UNSUPPORTED


def test_another_issuer_under_the_pools_own_key_is_refused(world: World) -> None:
    token = KEY.sign(claims(iss=f"https://{OTHER_PROVIDER}"))
    assert refused(world, token) == "Invalid login token. Issuer doesn't match providerName"


def test_another_apps_token_is_refused(world: World) -> None:
    world.ctx.store.insert(AppClient("anotherapp", POOL_ID, {}, {}, NOW, NOW))
    token = world.sign_in("ann", "anotherapp")["IdToken"]
    assert refused(world, token) == UNSUPPORTED


def test_a_client_id_counts_for_its_own_user_pool_only(world: World) -> None:
    add_user_pool(world, OTHER_POOL, "otherclient", OTHER_KEY)
    world.set_provider(ServerSideTokenCheck=False)
    token = OTHER_KEY.sign(claims(iss=f"https://{OTHER_PROVIDER}"))
    assert refused(world, token, OTHER_PROVIDER) == UNSUPPORTED


def test_an_access_token_is_refused(world: World) -> None:
    access_token = world.sign_in("ann")["AccessToken"]
    assert refused(world, access_token) == "Invalid login token. Missing a required claim: aud"


def test_an_access_token_bound_to_the_app_is_refused_too(world: World) -> None:
    token = KEY.sign(claims(token_use="access"))
    assert refused(world, token) == "Invalid login token. Not a valid OpenId Connect identity token."


def test_one_bad_token_refuses_the_good_one_as_well(world: World) -> None:
    add_user_pool(world, OTHER_POOL, "otherclient", OTHER_KEY)
    logins = {**world.logins("ann"), OTHER_PROVIDER: world.sign_in("ann", "otherclient", OTHER_POOL)["IdToken"]}
    world.refusal("GetId", IdentityPoolId=world.pool_id, Logins=logins)


def sign_out(world: World) -> None:
    tokens.revoke_all(world.ctx, world.user("ann"))


def disable(world: World) -> None:
    world.ctx.store.put(replaced(world.user("ann"), enabled=False))


def delete(world: World) -> None:
    world.ctx.store.delete(User, POOL_ID, "sub-ann")


@pytest.mark.parametrize("end", [sign_out, disable, delete])
def test_the_server_side_check_refuses_a_sign_in_that_has_ended(world: World, end: Any) -> None:
    logins = world.logins("ann")
    identity_id = world.call("GetId", IdentityPoolId=world.pool_id, Logins=logins)["IdentityId"]
    end(world)
    assert refused(world, logins[PROVIDER]) == "Invalid login token. Token has been revoked."
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=identity_id, Logins=logins)
    assert refusal == "NotAuthorizedException: Invalid login token. Token has been revoked."


def test_without_the_server_side_check_a_token_counts_until_it_expires(world: World) -> None:
    world.set_provider(ServerSideTokenCheck=False)
    logins = world.logins("ann")
    sign_out(world)
    assert world.call("GetId", IdentityPoolId=world.pool_id, Logins=logins)


def test_a_deleted_user_pool_proves_nobody(world: World) -> None:
    logins = world.logins("ann")
    world.ctx.store.delete(UserPool, POOL_ID)
    assert refused(world, logins[PROVIDER]) == "Invalid login token. Couldn't verify signed token."


def test_a_pool_without_providers_takes_no_login(world: World) -> None:
    pool_id = world.call("CreateIdentityPool", IdentityPoolName="guests", AllowUnauthenticatedIdentities=True)
    refusal = world.refusal("GetId", IdentityPoolId=pool_id["IdentityPoolId"], Logins=world.logins("ann"))
    assert refusal.startswith("NotAuthorizedException: Logins don't match.")


@pytest.mark.parametrize("provider", ["accounts.google.com", "login.example", "arn:aws:iam::000000000000:role/x", "x"])
def test_other_providers_are_refused_unless_the_pool_has_them(world: World, provider: str) -> None:
    assert refused(world, "token", provider) == UNSUPPORTED


@pytest.mark.parametrize("provider", ["api.twitter.com", "www.digits.com"])
def test_providers_that_nobody_can_sign_in_with_are_refused_by_name(world: World, provider: str) -> None:
    refusal = world.refusal("GetId", IdentityPoolId=world.pool_id, Logins={provider: "token"})
    assert refusal.startswith(f"InvalidParameterException: {provider}: ")
    assert refusal.endswith("cannot be verified by the local cloud.")


@pytest.mark.parametrize("form", [f"127.0.0.1:4566/{POOL_ID}", f"http://127.0.0.1:4566/{POOL_ID}", PROVIDER])
def test_the_endpoint_issuer_counts_under_each_of_its_names(world: World, form: str) -> None:
    world.ctx.cloud.issuer = "endpoint"
    token = world.sign_in("ann")["IdToken"]
    identity_id = world.call("GetId", IdentityPoolId=world.pool_id, Logins={form: token})["IdentityId"]
    assert world.call("DescribeIdentity", IdentityId=identity_id)["Logins"] == [PROVIDER]


def test_the_endpoint_form_means_nothing_with_awss_issuer(world: World) -> None:
    form = f"127.0.0.1:4566/{POOL_ID}"
    assert refused(world, world.sign_in("ann")["IdToken"], form) == UNSUPPORTED


def test_a_token_of_the_other_issuer_form_is_refused(world: World) -> None:
    token = world.sign_in("ann")["IdToken"]
    world.ctx.cloud.issuer = "endpoint"
    assert refused(world, token) == "Invalid login token. Issuer doesn't match providerName"
