"""Attacks on logins: tokens and identities that are not the caller's, each over a socket, each refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.journeys.claims import altered, claims_of, encode, signed_by_stranger, unsigned
from tests.journeys.people import root_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.stand_in import OTHER_RSA, RSA, jwk, sign
from tests.robustness.login_target import APP, Target, key_confused, target

NOT_MATCHING = "Logins don't match. Please include at least one valid login for this identity or identity pool."
BAD_SIGNATURE = "Invalid login token. Couldn't verify signed token."
NO_TOKEN = "Invalid login token. Not a valid OpenId Connect identity token."
UNSUPPORTED = "Token is not from a supported provider of this identity pool."
WRONG_ISSUER = "Invalid login token. Issuer doesn't match providerName"


@pytest.fixture(scope="module")
def place(cloud: LocalCloud) -> Iterator[Target]:
    with target(cloud) as found:
        yield found


def of_another_user_pool(place: Target) -> str:
    person = Pool.make(place.cloud).confirmed_person("victim@example.com")
    return person.sign_in().tokens.id_token


def of_another_app(place: Target) -> str:
    tokens = root_client(place.cloud, "cognito-idp").admin_initiate_auth(
        UserPoolId=place.pool.users.id,
        ClientId=add_client(place.cloud, place.pool.users.id),
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": place.victim.email, "PASSWORD": place.victim.password},
    )
    return str(tokens["AuthenticationResult"]["IdToken"])


def as_victim(place: Target, token: str) -> dict[str, str]:
    return {**claims_of(token), "sub": claims_of(place.victim.sign_in().tokens.id_token)["sub"]}


OF_THE_USER_POOL: dict[str, tuple[Callable[[Target], str], str]] = {
    "another user pool's": (of_another_user_pool, WRONG_ISSUER),
    "another app client's": (of_another_app, UNSUPPORTED),
    "an access token": (lambda place: place.victim.sign_in().tokens.access_token, "Missing a required claim: aud"),
    "a refresh token": (lambda place: str(place.victim.sign_in().tokens.refresh_token), NO_TOKEN),
    "without its signature": (lambda place: place.tokens().id_token.rpartition(".")[0] + ".", BAD_SIGNATURE),
    "alg none": (lambda place: unsigned(place.victim.sign_in().tokens.id_token), BAD_SIGNATURE),
    "another's key": (lambda place: signed_by_stranger(place.victim.sign_in().tokens.id_token), BAD_SIGNATURE),
    "the victim's sub in the attacker's own": (
        lambda place: altered(place.tokens().id_token, sub=as_victim(place, place.tokens().id_token)["sub"]),
        BAD_SIGNATURE,
    ),
    "key confusion": (
        lambda place: key_confused(as_victim(place, place.tokens().id_token), place.pools_key(), Encoding.PEM),
        BAD_SIGNATURE,
    ),
    "key confusion, binary": (
        lambda place: key_confused(as_victim(place, place.tokens().id_token), place.pools_key(), Encoding.DER),
        BAD_SIGNATURE,
    ),
}
OF_A_PROVIDER: dict[str, tuple[Callable[[Target], str], str]] = {
    "another issuer's": (lambda place: sign(place.said(iss="https://login.example")), WRONG_ISSUER),
    "another app's": (lambda place: sign(place.said(aud="app-2")), "Incorrect token audience."),
    "of several apps": (lambda place: sign(place.said(aud=[APP, "app-2"])), "Missing a required claim: azp"),
    "expired": (lambda place: sign(place.said(exp=int(place.cloud.now()) - 600)), "Token expired"),
    "alg none": (lambda place: f"{encode({'alg': 'none', 'kid': 'rsa'})}.{encode(place.said())}.", BAD_SIGNATURE),
    "without its signature": (lambda place: sign(place.said()).rpartition(".")[0] + ".", BAD_SIGNATURE),
    "another's key": (lambda place: sign(place.said(), OTHER_RSA), BAD_SIGNATURE),
    "key confusion": (lambda place: key_confused(place.said(), jwk(RSA, "rsa"), Encoding.PEM), BAD_SIGNATURE),
    "key confusion, binary": (lambda place: key_confused(place.said(), jwk(RSA, "rsa"), Encoding.DER), BAD_SIGNATURE),
    "a key of its own in the header": (
        lambda place: sign(place.said(), OTHER_RSA, jwk=jwk(OTHER_RSA, "rsa")),
        BAD_SIGNATURE,
    ),
}


@pytest.mark.parametrize("forged", OF_THE_USER_POOL)
def test_a_token_that_is_no_login_of_the_user_pool(place: Target, forged: str) -> None:
    make, why = OF_THE_USER_POOL[forged]
    refused_everywhere(place, place.victim_id, {place.users: make(place)}, why)


@pytest.mark.parametrize("forged", OF_A_PROVIDER)
def test_a_token_that_is_no_login_of_a_provider(place: Target, forged: str) -> None:
    victim = place.pool.get_id({place.provider.host: sign(place.said())})
    make, why = OF_A_PROVIDER[forged]
    refused_everywhere(place, victim, {place.provider.host: make(place)}, why)


@pytest.mark.parametrize("forged", OF_A_PROVIDER)
def test_nor_does_sts_take_it(place: Target, forged: str) -> None:
    trusted = {"Principal": {"Federated": place.provider_arn}, "Action": "sts:AssumeRoleWithWebIdentity"}
    request = {"RoleArn": place.role(trusted), "RoleSessionName": "app"}
    assert place.sts.assume_role_with_web_identity(**request, WebIdentityToken=sign(place.said()))
    token = OF_A_PROVIDER[forged][0](place)
    code = "ExpiredTokenException" if forged == "expired" else "InvalidIdentityToken"
    assert code_of(place.sts.assume_role_with_web_identity, **request, WebIdentityToken=token) == code


def refused_everywhere(place: Target, victim_id: str, logins: dict[str, str], why: str) -> None:
    """No operation that takes logins takes these."""
    public, victim = place.pool.public, {"IdentityId": victim_id, "Logins": logins}
    for call, request in (
        (public.get_id, {"IdentityPoolId": place.pool.id, "Logins": logins}),
        (public.get_credentials_for_identity, victim),
        (public.get_open_id_token, victim),
        (public.unlink_identity, {**victim, "LoginsToRemove": list(logins)}),
    ):
        found = refusal(call, **request)
        assert (found.code, why in found.message) == ("NotAuthorizedException", True), found


def test_an_expired_token(place: Target) -> None:
    token = place.tokens().id_token
    own = place.pool.get_id({place.users: token})
    place.cloud.advance(3601)
    refused_everywhere(place, own, {place.users: token}, "Token expired")


@pytest.mark.parametrize("end", ["global sign-out", "disabled", "deleted", "refresh token revoked"])
def test_a_token_from_before_its_sign_in_ended(place: Target, end: str, email: str) -> None:
    """Attack: a copied ID token that is good for an hour, whatever its owner does about it."""
    person, idp = place.pool.users.confirmed_person(email), root_client(place.cloud, "cognito-idp")
    tokens = person.sign_in().tokens
    logins = {place.users: tokens.id_token}
    own = place.pool.get_id(logins)
    who = {"UserPoolId": place.pool.users.id, "Username": email}
    if end == "global sign-out":
        idp.global_sign_out(AccessToken=tokens.access_token)
    elif end == "refresh token revoked":
        idp.revoke_token(Token=tokens.refresh_token, ClientId=place.pool.users.client_id)
    else:
        (idp.admin_disable_user if end == "disabled" else idp.admin_delete_user)(**who)
    refused_everywhere(place, own, logins, "Token has been revoked.")


def test_another_identity_with_a_login_of_ones_own(place: Target) -> None:
    logins = {place.users: place.tokens().id_token}
    elsewhere = place.pool.root.create_identity_pool(
        IdentityPoolName="elsewhere", AllowUnauthenticatedIdentities=True, AllowClassicFlow=True
    )["IdentityPoolId"]
    foreign = place.pool.public.get_id(IdentityPoolId=elsewhere)["IdentityId"]
    for call in (place.pool.public.get_credentials_for_identity, place.pool.public.get_open_id_token):
        swapped = {"IdentityId": place.victim_id, "Logins": logins}
        assert refusal(call, **swapped) == ("NotAuthorizedException", NOT_MATCHING)
        assert refusal(call, **{**swapped, "IdentityId": foreign}) == ("NotAuthorizedException", NOT_MATCHING)
        forbidden = f"Access to Identity '{place.victim_id}' is forbidden."
        assert refusal(call, IdentityId=place.victim_id) == ("NotAuthorizedException", forbidden)


def test_a_guest_who_has_signed_in_is_nobody_elses(place: Target) -> None:
    """Attack: the id of a guest, which was no secret of a user's while it was open to whoever knew it."""
    guest = place.pool.get_id()
    assert place.pool.credentials(guest)
    place.pool.credentials(guest, place.pool.logins(place.victim))
    for logins in ({}, {place.users: place.tokens().id_token}):
        request = {"IdentityId": guest, "Logins": logins}
        assert code_of(place.pool.public.get_credentials_for_identity, **request) == "NotAuthorizedException"
        assert code_of(place.pool.public.get_open_id_token, **request) == "NotAuthorizedException"


def test_an_identity_whose_login_was_unlinked(place: Target, email: str) -> None:
    """Attack: an identity without logins, which would be a guest's, with all that its user has stored."""
    logins = place.pool.logins(place.pool.users.confirmed_person(email))
    left = place.pool.get_id(logins)
    place.pool.public.unlink_identity(IdentityId=left, Logins=logins, LoginsToRemove=[place.users])
    assert place.pool.get_id(logins) != left
    for shown in ({}, logins, {place.users: place.tokens().id_token}):
        request = {"IdentityId": left, "Logins": shown}
        assert code_of(place.pool.public.get_credentials_for_identity, **request) == "NotAuthorizedException"
        assert code_of(place.pool.public.get_open_id_token, **request) == "NotAuthorizedException"


def test_an_identity_that_was_merged_away(place: Target, email: str) -> None:
    """A disabled identity opens to its user alone, who gets the other one."""
    person = place.pool.users.confirmed_person(email)
    google_like = {place.provider.host: sign(place.said(sub=email))}
    kept, gone = place.pool.get_id(place.pool.logins(person)), place.pool.get_id(google_like)
    place.pool.credentials(kept, {**place.pool.logins(person), **google_like})
    assert place.pool.public.get_credentials_for_identity(IdentityId=gone, Logins=google_like)["IdentityId"] == kept
    for shown in ({}, {place.users: place.tokens().id_token}, {place.provider.host: sign(place.said(sub="x"))}):
        request = {"IdentityId": gone, "Logins": shown}
        assert code_of(place.pool.public.get_credentials_for_identity, **request) == "NotAuthorizedException"
