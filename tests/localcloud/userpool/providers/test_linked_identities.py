"""Links between a provider's user and a user of the pool: made, used, limited and undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, Api
from tests.localcloud.userpool.federation import MAPPING, SUBJECT, Federation
from tests.localcloud.userpool.provider_requests import make

LINKED = "SourceUser is already linked to DestinationUser"
MERGING = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
NAME = f"Partner_{SUBJECT}"


@pytest.fixture
def federation(api: Api) -> Federation:
    made = Federation.set_up(api)
    api.new_user(made.pool_id, "ada", email="ada@example.com", email_verified="true")
    return made


def test_a_linked_user_signs_in_as_the_pools_own(api: Api, federation: Federation) -> None:
    own = api.stored_user(federation.pool_id, "ada").sub
    federation.link("ada")
    (identity,) = federation.identities("ada")
    assert (identity["userId"], identity["providerName"], identity["primary"]) == (SUBJECT, "Partner", False)
    user = federation.sign_in(cn="Ada L.")
    assert (user.sub, user.username, user.status) == (own, "ada", "CONFIRMED")
    assert user.attributes["name"] == "Ada L."
    assert federation.functions.sources[-2:] == [
        "InboundFederation_ExternalProvider",
        "PostAuthentication_Authentication",
    ]
    assert federation.usernames() == ["ada"]
    assert api("ListGroups", UserPoolId=federation.pool_id) == {"Groups": []}


def test_an_unverified_address_of_the_provider_takes_the_place_of_the_verified_one(federation: Federation) -> None:
    """As on AWS. Source: aws-amplify/amplify-js#7300."""
    federation.link("ada")
    assert federation.sign_in(verified="").attributes["email_verified"] == "false"


def test_a_link_that_the_inbound_trigger_makes_holds_at_once(api: Api, federation: Federation) -> None:
    federation.functions.does["InboundFederation_ExternalProvider"] = lambda event: federation.link("ada")
    assert federation.sign_in().username == "ada"
    assert federation.usernames() == ["ada"]


def test_a_link_that_the_pre_sign_up_trigger_makes_holds_from_the_next_sign_in_on(
    api: Api, federation: Federation
) -> None:
    federation.functions.does["PreSignUp_ExternalProvider"] = lambda event: federation.link("ada")
    with api.refused("UsernameExistsException", f"Already found an entry for username {NAME}"):
        federation.sign_in()
    assert federation.usernames() == ["ada"]
    assert federation.sign_in().username == "ada"


def test_who_has_been_here_cannot_be_linked(api: Api, federation: Federation) -> None:
    federation.sign_in()
    with api.refused("InvalidParameterException", MERGING):
        federation.link("ada")
    assert federation.identities("ada") == []


def test_who_is_linked_cannot_be_linked_again(api: Api, federation: Federation) -> None:
    api.new_user(federation.pool_id, "bob")
    federation.link("ada")
    for username in ("ada", "bob"):
        with api.refused("InvalidParameterException", LINKED):
            federation.link(username)


def test_five_are_the_most(api: Api, federation: Federation) -> None:
    for number in range(5):
        federation.link("ada", str(number))
    with api.refused("LimitExceededException", "at most 5 linked identities"):
        federation.link("ada", "5")
    federation.unlink("0")
    federation.link("ada", "5")
    assert [one["userId"] for one in federation.identities("ada")] == ["1", "2", "3", "4", "5"]


def test_a_providers_user_may_be_the_destination(api: Api, federation: Federation) -> None:
    make(api, federation.pool_id, "Google")
    first = federation.sign_in()
    google = {"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "g1"}
    wanted = {"UserPoolId": federation.pool_id, "SourceUser": google}
    api("AdminLinkProviderForUser", DestinationUser=federation.source(SUBJECT, "ignored"), **wanted)
    shown = [(one["providerName"], one["primary"]) for one in federation.identities(NAME)]
    assert shown == [("Partner", True), ("Google", False)]
    assert api.stored_user(federation.pool_id, NAME).sub == first.sub
    with api.refused("UserNotFoundException"):
        api("AdminLinkProviderForUser", DestinationUser=federation.source("nobody"), **wanted)


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"ProviderName": "Cognito"}, "InvalidParameterException", "only as a DestinationUser"),
        ({"ProviderName": "Nobody"}, "ResourceNotFoundException", "Identity provider Nobody does not exist."),
        ({"ProviderAttributeName": "nickname"}, "InvalidParameterException", "can not be linked by nickname"),
        ({"ProviderAttributeName": ""}, "InvalidParameterException", "ProviderAttributeName is required"),
        ({"ProviderAttributeValue": ""}, "InvalidParameterException", "ProviderAttributeValue is required"),
        ({"ProviderAttributeValue": "x" * 107}, "InvalidParameterException", "too long"),
    ],
)
def test_sources_that_are_refused(
    api: Api, federation: Federation, changes: dict[str, str], code: str, text: str
) -> None:
    with api.refused(code, text):
        api(
            "AdminLinkProviderForUser",
            UserPoolId=federation.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
            SourceUser={**federation.source(SUBJECT), **changes},
        )


def test_an_unknown_destination(api: Api, federation: Federation) -> None:
    with api.refused("UserNotFoundException", "User does not exist."):
        federation.link("nobody")


def test_a_link_by_attribute_becomes_one_by_subject(api: Api, federation: Federation) -> None:
    federation.link("ada", "ada@example.com", "email")
    assert federation.identities("ada")[0]["userId"] == "ada@example.com"
    assert federation.sign_in().username == "ada"
    (identity,) = federation.identities("ada")
    assert (identity["userId"], identity["primary"]) == (SUBJECT, False)
    assert federation.sign_in(mail="ada@example.org").username == "ada"
    federation.unlink()
    assert federation.identities("ada") == []


def test_attack_the_next_owner_of_an_address_that_is_linked(federation: Federation) -> None:
    federation.link("ada", "ada@example.com", "email")
    federation.sign_in()
    assert federation.sign_in("5678").username == "Partner_5678"


def test_attack_a_subject_that_reads_like_a_linked_address(federation: Federation) -> None:
    federation.link("ada", "ada@example.com", "email")
    assert federation.sign_in("ada@example.com", mail="eve@example.com").username == "Partner_ada@example.com"


@pytest.mark.parametrize("verified", ["false", ""])
def test_attack_a_linked_address_that_the_provider_never_checked(federation: Federation, verified: str) -> None:
    federation.link("ada", "ada@example.com", "email")
    assert federation.sign_in(verified=verified).username == NAME


def test_social_users_are_linked_by_subject_only(api: Api) -> None:
    federation = Federation.set_up(api, "Google", mapping=MAPPING)
    api.new_user(federation.pool_id, "ada")
    with api.refused("InvalidParameterException", "Google users can not be linked by email."):
        federation.link("ada", "ada@example.com", "email")
    federation.link("ada")


def test_attack_a_sign_up_that_waits_to_be_linked_to_its_victim(api: Api, federation: Federation) -> None:
    api("SignUp", ClientId=federation.client_id, Username="eve", Password=PASSWORD)
    federation.link("eve")
    with api.refused("UserNotConfirmedException", "User is not confirmed."):
        federation.sign_in()


def test_an_undone_link(api: Api, federation: Federation) -> None:
    federation.link("ada")
    federation.sign_in()
    federation.unlink()
    assert federation.identities("ada") == []
    assert federation.sign_in().username == NAME


@pytest.mark.parametrize("was_here", [True, False])
def test_only_a_link_can_be_undone(api: Api, federation: Federation, *, was_here: bool) -> None:
    if was_here:
        federation.sign_in()
    with api.refused("InvalidParameterException", "Account isn't linked to anyone else, verify that the account has"):
        federation.unlink()
    with api.refused("ResourceNotFoundException", "Identity provider Nobody does not exist."):
        api(
            "AdminDisableProviderForUser",
            UserPoolId=federation.pool_id,
            User={**federation.source(SUBJECT), "ProviderName": "Nobody"},
        )


def test_a_user_of_the_pools_own_loses_its_password(api: Api, federation: Federation) -> None:
    federation.link("ada")
    own: dict[str, Any] = {"ProviderName": "Cognito", "ProviderAttributeValue": "ada"}
    wanted = {"UserPoolId": federation.pool_id}
    with api.refused("InvalidParameterException", "must be Cognito_Subject"):
        api("AdminDisableProviderForUser", User={**own, "ProviderAttributeName": "email"}, **wanted)
    api("AdminDisableProviderForUser", User={**own, "ProviderAttributeName": "Cognito_Subject"}, **wanted)
    assert not api.has_password(federation.pool_id, "ada", PASSWORD)
    with api.refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        api("ForgotPassword", ClientId=federation.client_id, Username="ada")
    assert federation.sign_in().username == "ada"


def test_a_deleted_user_takes_its_links_along(api: Api, federation: Federation) -> None:
    federation.link("ada")
    api("AdminDeleteUser", UserPoolId=federation.pool_id, Username="ada")
    assert federation.sign_in().username == NAME
