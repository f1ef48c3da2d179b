"""The classic flow: a client takes a role by itself, without the guest scope-down, and only where a pool allows it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import jwt
import pytest

from tests.journeys.identity_pools import IdentityPool
from tests.journeys.people import client, unsigned_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud

ANYTHING = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def with_generous_guests(cloud: LocalCloud, **settings: Any) -> tuple[IdentityPool, str]:
    """A pool whose guest role may do anything, and that role."""
    pool = IdentityPool.make(cloud, **settings)
    role = pool.role(ANYTHING, amr="unauthenticated")
    pool.root.set_identity_pool_roles(IdentityPoolId=pool.id, Roles={"unauthenticated": role})
    return pool, role


def take_role(cloud: LocalCloud, role: str, token: str) -> dict[str, Any]:
    """Credentials of a role for a token, from STS."""
    answer: dict[str, Any] = unsigned_client(cloud, "sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="app", WebIdentityToken=token
    )
    return answer


def test_a_generous_guest_role_is_scoped_down_in_the_enhanced_flow_only(cloud: LocalCloud) -> None:
    """Attack: guests who make themselves users of IAM (rule 52)."""
    pool, role = with_generous_guests(cloud, AllowClassicFlow=True)
    guest = pool.get_id()
    enhanced = pool.credentials(guest)
    token = pool.public.get_open_id_token(IdentityId=guest)["Token"]
    classic = take_role(cloud, role, token)["Credentials"]
    for credentials in (enhanced, classic):
        assert client(cloud, "s3", credentials).list_buckets()["Buckets"]
    assert code_of(client(cloud, "iam", enhanced).list_roles) == "AccessDenied"
    assert client(cloud, "sts", classic).get_caller_identity()["Arn"].endswith("/app")
    assert client(cloud, "lambda", classic).list_functions()


@pytest.mark.parametrize("settings", [{"AllowClassicFlow": False}, {}])
def test_a_pool_that_does_not_allow_it_gives_no_token(cloud: LocalCloud, settings: dict[str, bool]) -> None:
    """Attack: the way round the scope-down, where it is shut."""
    pool, _ = with_generous_guests(cloud, **settings)
    refused = refusal(pool.public.get_open_id_token, IdentityId=pool.get_id())
    message = "Basic (classic) flow is not enabled, please use enhanced flow."
    assert refused == ("InvalidParameterException", message)


def test_a_user_takes_only_a_role_that_trusts_users(cloud: LocalCloud, email: str) -> None:
    pool, guests_role = with_generous_guests(cloud, AllowClassicFlow=True)
    pool.put("users/a")
    users_role = pool.role([pool.reads("users")])
    logins = pool.logins(pool.users.confirmed_person(email))
    identity = pool.get_id(logins)
    token = pool.public.get_open_id_token(IdentityId=identity, Logins=logins)["Token"]
    answer = take_role(cloud, users_role, token)
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == (identity, pool.id)
    assert pool.readable(["users/a"], answer["Credentials"]) == ["users/a"]
    assert code_of(take_role, cloud=cloud, role=guests_role, token=token) == "AccessDenied"


def test_the_token_can_be_checked_by_anybody(cloud: LocalCloud) -> None:
    pool, _ = with_generous_guests(cloud, AllowClassicFlow=True)
    guest = pool.get_id()
    token = pool.public.get_open_id_token(IdentityId=guest)["Token"]
    configuration = fetch(f"{cloud.endpoint}/.well-known/openid-configuration")
    assert configuration["jwks_uri"] == f"{cloud.endpoint}/.well-known/jwks_uri"
    (key,) = fetch(configuration["jwks_uri"])["keys"]
    assert jwt.get_unverified_header(token) == {"kid": key["kid"], "typ": "JWS", "alg": "RS512"}
    assert (key["alg"], configuration["id_token_signing_alg_values_supported"]) == ("RS512", ["RS512"])
    claims = jwt.decode(
        token,
        jwt.PyJWK(key),
        algorithms=configuration["id_token_signing_alg_values_supported"],
        audience=pool.id,
        issuer=configuration["issuer"],
        # The cloud's clock may be ahead of this one.
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["sub"], claims["amr"]) == (guest, ["unauthenticated"])
    assert claims["exp"] - claims["iat"] == 600


def test_the_key_outlives_a_kill(fresh_cloud: LocalCloud) -> None:
    keys = fetch(f"{fresh_cloud.start().endpoint}/.well-known/jwks_uri")
    fresh_cloud.kill()
    assert fetch(f"{fresh_cloud.start().endpoint}/.well-known/jwks_uri") == keys


def fetch(url: str) -> dict[str, Any]:
    """A JSON document."""
    with urllib.request.urlopen(url, timeout=30) as response:
        document: dict[str, Any] = json.load(response)
    return document
