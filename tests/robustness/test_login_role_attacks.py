"""Attacks by who may come in: roles, tags and sessions that are not for them, each over a socket, each refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.journeys.claims import altered
from tests.journeys.identity_pools import IdentityPool
from tests.journeys.people import client, root_client, unsigned_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.stand_in import sign
from tests.robustness.login_target import Target, target
from tests.robustness.wire import request

COGNITO = "cognito-identity.amazonaws.com"
AS_USER = {"Principal": {"Federated": COGNITO}, "Action": "sts:AssumeRoleWithWebIdentity"}
TAGS = "https://aws.amazon.com/tags"
NOT_AUTHORIZED = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


@pytest.fixture(scope="module")
def place(cloud: LocalCloud) -> Iterator[Target]:
    with target(cloud) as found:
        yield found


def signed_in(place: Target) -> tuple[str, dict[str, str]]:
    """The attacker's identity and logins."""
    logins = {place.users: place.tokens().id_token}
    return place.pool.get_id(logins), logins


def trusting(place: Target, amr: str = "authenticated", **conditions: Any) -> dict[str, Any]:
    """How a role trusts identities of the pool."""
    own = {"StringEquals": {f"{COGNITO}:aud": place.pool.id}, "ForAnyValue:StringLike": {f"{COGNITO}:amr": amr}}
    return {**AS_USER, "Condition": {**own, **conditions}}


def take(place: Target, role: str, token: str, name: str = "app", **more: Any) -> Any:
    request = {"RoleArn": role, "RoleSessionName": name, "WebIdentityToken": token, **more}
    return place.sts.assume_role_with_web_identity(**request)


def refused_role(place: Target, role: str, token: str) -> tuple[str, str]:
    return refusal(take, place=place, role=role, token=token)


def test_a_token_of_another_identity_pool_for_a_role_of_this_one(place: Target) -> None:
    other = IdentityPool.make(place.cloud, AllowClassicFlow=True)
    guest = other.get_id()
    token = other.public.get_open_id_token(IdentityId=guest)["Token"]
    role = place.role(trusting(place, "unauthenticated"))
    assert take(place, role, place.classic_token(place.pool.get_id()))
    assert refused_role(place, role, token) == NOT_AUTHORIZED
    # Nor is it a login: of that guest's or of the victim's identity, here or there.
    for pool, identity in ((place.pool, place.victim_id), (place.pool, guest), (other, guest)):
        shown = {"identity_id": identity, "logins": {COGNITO: token}}
        assert code_of(pool.credentials, **shown) == "NotAuthorizedException"


def test_a_guests_token_for_the_users_role(place: Target) -> None:
    assert refused_role(place, place.role(trusting(place)), place.classic_token(place.pool.get_id())) == NOT_AUTHORIZED


def test_ones_own_identitys_token_for_anothers_identity(place: Target) -> None:
    token = place.classic_token(*signed_in(place))
    shown = {"IdentityId": place.victim_id, "Logins": {COGNITO: token}}
    for call in (place.pool.public.get_credentials_for_identity, place.pool.public.get_open_id_token):
        assert code_of(call, **shown) == "NotAuthorizedException"


def test_a_token_of_the_user_pool_itself(place: Target) -> None:
    """Attack: round the identity pool, whose server-side check and role choice would not be made."""
    tokens, role = place.tokens(), place.role(trusting(place))
    for token in (tokens.id_token, tokens.access_token):
        assert code_of(take, place=place, role=role, token=token) == "InvalidIdentityToken"


def test_another_identity_or_kind_written_into_a_token(place: Target) -> None:
    identity, logins = signed_in(place)
    role = place.role({**trusting(place), "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]})
    token = place.classic_token(identity, logins)
    assert take(place, role, token)
    tags = {TAGS: {"principal_tags": {"team": ["red"]}}}
    for changes in ({"sub": place.victim_id}, {"amr": ["authenticated", "admin"]}, tags, {"exp": 2_000_000_000}):
        assert code_of(take, place=place, role=role, token=altered(token, **changes)) == "InvalidIdentityToken"


def test_an_expired_token_of_an_identity(place: Target) -> None:
    role, token = place.role(trusting(place)), place.classic_token(*signed_in(place))
    place.cloud.advance(601)
    assert code_of(take, place=place, role=role, token=token) == "ExpiredTokenException"


def test_a_role_that_nobody_has_offered(place: Target) -> None:
    """Attack: any role that trusts the pool, taken by naming it."""
    strong = place.role(trusting(place))
    identity, logins = signed_in(place)
    for shown in ({"identity_id": identity, "logins": logins}, {"identity_id": place.pool.get_id()}):
        found = refusal(place.pool.credentials, **shown, CustomRoleArn=strong)
        assert found == ("NotAuthorizedException", f"Access to Role '{strong}' is forbidden.")


@pytest.mark.parametrize("wanted", ["sts:ExternalId", "sts:SourceIdentity", "aws:RequestTag/team"])
def test_words_that_only_a_signed_call_may_say(place: Target, wanted: str) -> None:
    """Attack: parameters of AssumeRole in the call that nobody signs."""
    role = place.role(trusting(place, StringLike={wanted: "*"}))
    fields = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": role,
        "RoleSessionName": "app",
        "WebIdentityToken": place.classic_token(*signed_in(place)),
        "ExternalId": "secret",
        "SourceIdentity": "victim",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "red",
    }
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = request(place.cloud.port, urlencode(fields).encode(), form)
    assert (answer.status, answer.code) == (403, "AccessDenied"), answer.body


@pytest.mark.parametrize("name", ["**", "a:victim", "victim/x", "../victim", "${aws:userid}", "a b", "x" * 65])
def test_a_session_name_that_is_none(place: Target, name: str) -> None:
    """Attack: a name that makes `aws:userid` or the session's ARN read like another one."""
    arguments = {"role": place.role(trusting(place)), "token": place.classic_token(*signed_in(place)), "name": name}
    assert code_of(take, place=place, **arguments) == "ValidationError"


def test_the_name_of_a_session_that_the_role_does_not_take(place: Target) -> None:
    role = place.role(trusting(place, StringEquals={"sts:RoleSessionName": "phone", f"{COGNITO}:aud": place.pool.id}))
    identity, logins = signed_in(place)
    assert take(place, role, place.classic_token(identity, logins), "phone")
    assert refused_role(place, role, place.classic_token(identity, logins)) == NOT_AUTHORIZED


def tag_reader(place: Target) -> str:
    """A role that lists buckets for whoever has the tag `team` of `red`."""
    red = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    lists = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": red}
    return place.role({**trusting(place), "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]}, lists)


def test_tags_that_a_provider_says_and_the_pool_has_not_mapped(place: Target) -> None:
    """Attack: the claim that STS takes tags from, in a token that an identity pool is shown."""
    token = sign(place.said(team="red", **{TAGS: {"principal_tags": {"team": ["red"]}}}))
    logins, role = {place.provider.host: token}, tag_reader(place)
    identity = place.pool.get_id(logins)
    keys = take(place, role, place.classic_token(identity, logins))["Credentials"]
    assert code_of(client(place.cloud, "s3", keys).list_buckets) == "AccessDenied"
    mapped = {"IdentityPoolId": place.pool.id, "IdentityProviderName": place.provider_arn}
    place.pool.root.set_principal_tag_attribute_map(**mapped, PrincipalTags={"team": "team"})
    keys = take(place, role, place.classic_token(identity, logins))["Credentials"]
    assert client(place.cloud, "s3", keys).list_buckets()["Buckets"]
    untagged = place.role(trusting(place))
    assert refused_role(place, untagged, place.classic_token(identity, logins)) == (
        "AccessDenied",
        "Not authorized to perform sts:TagSession",
    )
    place.pool.root.set_principal_tag_attribute_map(**mapped, PrincipalTags={})


def test_a_tag_by_an_attribute_that_the_app_keeps_to_itself(place: Target, email: str) -> None:
    """Attack: a user who writes the attribute that a tag is made of.

    What stands against it is the app client's list of attributes that its users may write.
    """
    users = Pool.make(place.cloud, Schema=[{"Name": "team", "AttributeDataType": "String", "Mutable": True}])
    idp = root_client(place.cloud, "cognito-idp")
    person = users.confirmed_person(email)
    kept = add_client(place.cloud, users.id, WriteAttributes=["email", "name"])
    tokens = idp.admin_initiate_auth(
        UserPoolId=users.id,
        ClientId=kept,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": person.password},
    )["AuthenticationResult"]
    app = unsigned_client(place.cloud, "cognito-idp")
    for name in ("custom:team", "sub", "cognito:groups"):
        wanted = [{"Name": name, "Value": "red"}]
        refused = code_of(app.update_user_attributes, AccessToken=tokens["AccessToken"], UserAttributes=wanted)
        assert refused == "NotAuthorizedException", name
    assert {found["Name"] for found in app.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]} == {
        "email",
        "email_verified",
        "sub",
    }
    signing_up = {"ClientId": kept, "Username": f"x-{email}", "Password": person.password}
    wanted = [{"Name": "email", "Value": f"x-{email}"}, {"Name": "custom:team", "Value": "red"}]
    assert code_of(app.sign_up, **signing_up, UserAttributes=wanted) == "NotAuthorizedException"


@pytest.mark.parametrize("trusted", ["account", "role"])
def test_a_guest_who_takes_a_second_role(cloud: LocalCloud, place: Target, trusted: str) -> None:
    """Attack: round the scope-down by a further session, which would have none."""
    pool = IdentityPool.make(cloud)
    generous = pool.role([{"Effect": "Allow", "Action": "*", "Resource": "*"}], amr="unauthenticated")
    pool.root.set_identity_pool_roles(IdentityPoolId=pool.id, Roles={"unauthenticated": generous})
    principal = {"AWS": "000000000000" if trusted == "account" else generous}
    second = place.role({"Principal": principal, "Action": "sts:AssumeRole"})
    sts = client(cloud, "sts", pool.credentials(pool.get_id()))
    found = refusal(sts.assume_role, RoleArn=second, RoleSessionName="second")
    assert (found.code, "no session policy allows the sts:AssumeRole action" in found.message) == ("AccessDenied", True)
