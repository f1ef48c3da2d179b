"""Passkeys: registration, sign-in and deletion, and every answer that must not count."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.userpool.factors.passkey_state import WebAuthnCredential, WebAuthnRegistration
from localcloud.userpool.factors.webauthn import encode
from tests.authenticator import BACKED_UP, PRESENT, VERIFIED, Authenticator, broken_key_of
from tests.localcloud.userpool.conftest import Api
from tests.localcloud.userpool.sign_ins import FLOWS, Door

DOMAIN = "auth.example.com"
ALL = ["PASSWORD", "WEB_AUTHN", "EMAIL_OTP"]


@dataclass
class Passkeys(Door):
    """A pool whose users sign in with passkeys."""

    def configure(self, mfa: str = "OFF", **settings: str) -> None:
        app = {} if mfa == "OFF" else {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
        given = {"RelyingPartyId": DOMAIN, **settings}
        self.api("SetUserPoolMfaConfig", UserPoolId=self.pool, MfaConfiguration=mfa, WebAuthnConfiguration=given, **app)

    def token(self, name: str = "ada", client: str = "") -> str:
        return str(self.api.sign_in(self.pool, client or self.client, name)["AccessToken"])

    def options(self, name: str = "ada") -> dict[str, Any]:
        started = self.api("StartWebAuthnRegistration", AccessToken=self.token(name))
        options: dict[str, Any] = started["CredentialCreationOptions"]
        return options

    def complete(self, credential: Any, name: str = "ada") -> None:
        self.api("CompleteWebAuthnRegistration", AccessToken=self.token(name), Credential=credential)

    def register(self, name: str = "ada", **claims: Any) -> Authenticator:
        authenticator = Authenticator(**claims)
        self.complete(authenticator.make(self.options(name)), name)
        return authenticator

    def listed(self, name: str = "ada", **page: Any) -> dict[str, Any]:
        return self.api("ListWebAuthnCredentials", AccessToken=self.token(name), **page)

    def ask(self, name: str = "ada") -> str:
        """The options of a WEB_AUTHN challenge."""
        asked = self.begin("USER_AUTH", name, PREFERRED_CHALLENGE="WEB_AUTHN")
        assert asked["ChallengeName"] == "WEB_AUTHN", asked
        return str(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])

    def show(self, credential: Any, name: str = "ada") -> dict[str, Any]:
        return self.answer("WEB_AUTHN", name, CREDENTIAL=json.dumps(credential))

    def sign_in(self, authenticator: Authenticator, name: str = "ada") -> dict[str, Any]:
        return self.show(authenticator.answer(self.ask(name)), name)


@pytest.fixture
def door(api: Api) -> Passkeys:
    door = Passkeys.open(api, first=ALL)
    assert isinstance(door, Passkeys)
    door.configure()
    door.user()
    return door


def test_the_options_are_those_of_aws(door: Passkeys) -> None:
    """Source: AWS CLI, `start-web-authn-registration`, example."""
    options = door.options()
    sub = door.api.stored_user(door.pool, "ada").sub
    assert options.pop("challenge")
    assert options == {
        "rp": {"id": DOMAIN, "name": DOMAIN},
        "user": {"id": encode(sub.encode()), "name": "ada", "displayName": "ada"},
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 60000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "preferred",
        },
    }


@pytest.mark.parametrize("algorithm", [-7, -257])
def test_a_passkey_signs_in(door: Passkeys, algorithm: int) -> None:
    authenticator = door.register(algorithm=algorithm)
    options = json.loads(door.ask())
    assert options["allowCredentials"] == [
        {"type": "public-key", "id": encode(authenticator.id), "transports": ["internal"]}
    ]
    assert (options["rpId"], options["timeout"], options["userVerification"]) == (DOMAIN, 180000, "preferred")
    assert "AuthenticationResult" in door.show(authenticator.answer(options))


def test_a_passkey_is_offered_to_whoever_has_one(door: Passkeys) -> None:
    def offered() -> Any:
        factors = door.api("GetUserAuthFactors", AccessToken=door.token())["ConfiguredUserAuthFactors"]
        return factors, door.begin("USER_AUTH")["AvailableChallenges"]

    assert offered() == (["PASSWORD", "EMAIL_OTP"], ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"])
    door.register()
    assert offered() == (ALL, ["PASSWORD", "PASSWORD_SRP", "WEB_AUTHN", "EMAIL_OTP"])


def test_a_passkey_is_chosen_by_select_challenge(door: Passkeys) -> None:
    authenticator = door.register()
    door.begin("USER_AUTH")
    asked = door.answer("SELECT_CHALLENGE", ANSWER="WEB_AUTHN")
    assert "AuthenticationResult" in door.show(
        authenticator.answer(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    )


def test_passkeys_are_listed_page_by_page(door: Passkeys) -> None:
    made = {encode(door.register().id) for _ in range(3)}
    first = door.listed(MaxResults=2)
    second = door.listed(MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in second
    assert {one["CredentialId"] for one in first["Credentials"] + second["Credentials"]} == made
    shown = {key: value for key, value in second["Credentials"][0].items() if key != "CredentialId"}
    assert shown == {
        "FriendlyCredentialName": "Passkey",
        "RelyingPartyId": DOMAIN,
        "AuthenticatorAttachment": "platform",
        "AuthenticatorTransports": ["internal"],
        "CreatedAt": door.api.context.now,
    }


def test_a_deleted_passkey_signs_nobody_in(door: Passkeys) -> None:
    authenticator = door.register()
    options = door.ask()
    door.api("DeleteWebAuthnCredential", AccessToken=door.token(), CredentialId=encode(authenticator.id))
    assert door.listed()["Credentials"] == []
    with door.api.refused("NotAuthorizedException"):
        door.show(authenticator.answer(options))
    with door.api.refused("ResourceNotFoundException"):
        door.api("DeleteWebAuthnCredential", AccessToken=door.token(), CredentialId=encode(authenticator.id))


def test_nobody_deletes_the_passkey_of_another_user(door: Passkeys) -> None:
    authenticator = door.register()
    door.user("bob", email="bob@example.com")
    with door.api.refused("ResourceNotFoundException"):
        door.api("DeleteWebAuthnCredential", AccessToken=door.token("bob"), CredentialId=encode(authenticator.id))
    assert "AuthenticationResult" in door.sign_in(authenticator)


def test_passkeys_go_with_their_user(door: Passkeys) -> None:
    door.register()
    door.options()
    door.api("AdminDeleteUser", UserPoolId=door.pool, Username="ada")
    for kind in (WebAuthnCredential, WebAuthnRegistration):
        assert door.api.cloud.store.count(kind) == 0


def test_twenty_passkeys_and_no_more(door: Passkeys) -> None:
    for _ in range(20):
        waiting = Authenticator().make(door.options())
        door.complete(waiting)
    with door.api.refused("LimitExceededException"):
        door.options()
    assert len(door.listed()["Credentials"]) == 20


def test_two_passkeys_race_for_the_last_place(door: Passkeys) -> None:
    for _ in range(19):
        door.register()
    options = door.options()
    store = door.api.cloud.store
    waiting = store.find(WebAuthnRegistration)[0]
    door.complete(Authenticator().make(options))
    store.put(waiting)
    with door.api.refused("LimitExceededException"):
        door.complete(Authenticator().make(options))


# Registration: what must not be kept.


def test_a_pool_without_passkeys_registers_none(api: Api) -> None:
    door = Passkeys.open(api, first=["PASSWORD"])
    assert isinstance(door, Passkeys)
    door.user()
    with api.refused("WebAuthnNotEnabledException"):
        door.options()
    with api.refused("WebAuthnNotEnabledException"):
        door.complete({})


def test_a_pool_without_a_domain_has_nothing_to_make_passkeys_for(api: Api) -> None:
    door = Passkeys.open(api, first=ALL)
    assert isinstance(door, Passkeys)
    door.user()
    with api.refused("WebAuthnConfigurationMissingException"):
        door.options()
    assert "WEB_AUTHN" not in door.begin("USER_AUTH", "nobody")["AvailableChallenges"]


@pytest.mark.parametrize("name", [None, "people.auth.us-east-1.amazoncognito.com"])
def test_the_prefix_domain_stands_for_localhost(api: Api, name: str | None) -> None:
    door = Passkeys.open(api, first=ALL)
    assert isinstance(door, Passkeys)
    door.user()
    api("CreateUserPoolDomain", UserPoolId=door.pool, Domain="people")
    if name:
        door.configure(RelyingPartyId=name)
    authenticator = door.register(origin="http://localhost:4566")
    assert door.listed()["Credentials"][0]["RelyingPartyId"] == "localhost"
    assert "AuthenticationResult" in door.sign_in(authenticator)


def test_an_access_token_without_the_users_scope_registers_nothing(door: Passkeys) -> None:
    with door.api.refused("NotAuthorizedException"):
        door.api("StartWebAuthnRegistration", AccessToken="made.up.token")


def test_a_registration_is_completed_once(door: Passkeys) -> None:
    made = Authenticator().make(door.options())
    door.complete(made)
    with door.api.refused("WebAuthnChallengeNotFoundException"):
        door.complete(made)


def test_a_registration_that_was_never_started_is_refused(door: Passkeys) -> None:
    with door.api.refused("WebAuthnChallengeNotFoundException"):
        door.complete(Authenticator().make({**door.options("ada"), "challenge": encode(b"x" * 32)}))
    with door.api.refused("WebAuthnChallengeNotFoundException"):
        door.complete({})


def test_a_registration_expires(door: Passkeys) -> None:
    made = Authenticator().make(door.options())
    door.api.cloud.clock.advance(301)
    with door.api.refused("WebAuthnChallengeNotFoundException"):
        door.complete(made)


def test_a_registration_of_another_app_client_is_refused_and_waits_on(door: Passkeys) -> None:
    made = Authenticator().make(door.options())
    other = door.api.new_client(door.pool, ExplicitAuthFlows=FLOWS)
    with door.api.refused("WebAuthnClientMismatchException"):
        door.api("CompleteWebAuthnRegistration", AccessToken=door.token(client=other), Credential=made)
    door.complete(made)


def test_another_users_passkey_cannot_be_registered(door: Passkeys) -> None:
    """Attack: its owner would sign in to the wrong account."""
    first = door.register()
    door.user("bob", email="bob@example.com")
    with door.api.refused("InvalidParameterException", "registered already"):
        door.complete(Authenticator(id=first.id).make(door.options("bob")), "bob")
    assert "AuthenticationResult" in door.sign_in(first)


ORIGINS = [
    "https://evil.example",
    "https://example.com",
    "https://auth.example.com.evil.example",
    "https://evilauth.example.com",
    "http://auth.example.com",
    "null",
    "",
    "https://[",
    "android:apk-key-hash:short",
    "ios:bundle-id:com.example",
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_registration_at_a_wrong_origin_is_refused(door: Passkeys, origin: str) -> None:
    with door.api.refused("WebAuthnOriginNotAllowedException"):
        door.register(origin=origin)


@pytest.mark.parametrize(
    "origin", [f"https://{DOMAIN}:8443", f"https://app.{DOMAIN}", "android:apk-key-hash:" + "a" * 43]
)
def test_an_origin_below_the_domain_is_right_and_so_is_an_android_app(door: Passkeys, origin: str) -> None:
    assert "AuthenticationResult" in door.sign_in(door.register(origin=origin))


def test_a_registration_in_a_frame_of_another_site_is_refused(door: Passkeys) -> None:
    with door.api.refused("WebAuthnOriginNotAllowedException"):
        door.register(client_data={"crossOrigin": True})


def test_a_registration_for_a_wrong_relying_party_is_refused(door: Passkeys) -> None:
    with door.api.refused("WebAuthnRelyingPartyMismatchException"):
        door.register(rp_id="example.com")


def test_a_registration_with_another_kind_of_key_is_refused(door: Passkeys) -> None:
    with door.api.refused("WebAuthnCredentialNotSupportedException"):
        door.register(algorithm=-35)


def test_a_registration_with_a_key_that_is_none_is_refused(door: Passkeys) -> None:
    with door.api.refused("WebAuthnCredentialNotSupportedException"):
        door.complete(broken_key_of(Authenticator().make(door.options())))


def test_a_registration_without_verification_is_refused_where_that_is_required(door: Passkeys) -> None:
    door.register(flags=PRESENT)
    door.configure(UserVerification="required")
    assert door.options()["authenticatorSelection"]["userVerification"] == "required"
    with door.api.refused("WebAuthnCredentialNotSupportedException"):
        door.register(flags=PRESENT)


@pytest.mark.parametrize("flags", [0, VERIFIED, PRESENT | BACKED_UP])
def test_a_registration_without_the_user_or_with_flags_that_contradict_is_refused(door: Passkeys, flags: int) -> None:
    with door.api.refused("InvalidParameterException"):
        door.register(flags=flags)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"type": "password"},
        {"id": "AAAA"},
        {"rawId": 1},
        {"rawId": "not base64!"},
        {"response": None},
        {"response": []},
        {"response": {"clientDataJSON": "e30"}},
        {"response": {"clientDataJSON": "!!"}},
        {"response": {"clientDataJSON": "AAAA", "attestationObject": "AAAA"}},
    ],
)
def test_a_malformed_registration_is_refused(door: Passkeys, broken: dict[str, Any]) -> None:
    made = Authenticator().make(door.options())
    with door.api.refused("InvalidParameterException"):
        door.complete({**made, **broken} if broken else {})


def test_a_sign_ins_answer_registers_nothing(door: Passkeys) -> None:
    with door.api.refused("InvalidParameterException"):
        door.register(client_data={"type": "webauthn.get"})


# Sign-in: what must not count.


def test_a_wrong_origin_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    for authenticator.origin in ORIGINS:
        with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
            door.sign_in(authenticator)


def test_a_wrong_relying_party_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    authenticator.rp_id = "example.com"
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_a_frame_of_another_site_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    authenticator.client_data = {"crossOrigin": True}
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_a_replayed_answer_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    answer = authenticator.answer(door.ask())
    session = door.last["Session"]
    assert "AuthenticationResult" in door.show(answer)
    with door.api.refused("NotAuthorizedException", "session"):
        door.answer("WEB_AUTHN", session=session, CREDENTIAL=json.dumps(answer))
    door.ask()
    with door.api.refused("NotAuthorizedException"):
        door.show(answer)


def test_a_wrong_answer_ends_the_session(door: Passkeys) -> None:
    authenticator, stranger = door.register(), Authenticator()
    options = door.ask()
    stranger.make(door.options())
    session = door.last["Session"]
    with door.api.refused("NotAuthorizedException"):
        door.show(stranger.answer(options))
    with door.api.refused("NotAuthorizedException", "session"):
        door.answer("WEB_AUTHN", session=session, CREDENTIAL=json.dumps(authenticator.answer(options)))


def test_a_counter_that_goes_back_does_not_sign_in(door: Passkeys) -> None:
    """Attack: a copy of the authenticator."""
    authenticator = door.register(counter=5)
    for wrong in (5, 4, 0):
        authenticator.counter = wrong
        with door.api.refused("NotAuthorizedException"):
            door.sign_in(authenticator)
    for authenticator.counter in (6, 9):
        assert "AuthenticationResult" in door.sign_in(authenticator)
    authenticator.counter = 9
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_another_users_passkey_does_not_sign_in(door: Passkeys) -> None:
    door.register()
    door.user("bob", email="bob@example.com")
    bobs = door.register("bob")
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.sign_in(bobs)
    bobs.user = door.api.stored_user(door.pool, "ada").sub.encode()
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(bobs)


def test_an_answer_that_names_another_user_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    authenticator.user = b"somebody else"
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)
    authenticator.user = b""
    assert "AuthenticationResult" in door.sign_in(authenticator)


def test_a_passkey_of_another_pool_does_not_sign_in(door: Passkeys, api: Api) -> None:
    """Attack: both pools have the same domain, and an administrator of one makes a user of the other's name."""
    door.register()
    other = Passkeys.open(api, first=ALL)
    assert isinstance(other, Passkeys)
    other.configure()
    other.user()
    foreign = other.register()
    with api.refused("NotAuthorizedException"):
        door.sign_in(foreign)


def test_an_unverified_user_does_not_sign_in_where_verification_is_required(door: Passkeys) -> None:
    authenticator = door.register()
    door.configure(UserVerification="required")
    authenticator.flags = PRESENT
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)
    authenticator.flags = PRESENT | VERIFIED
    assert "AuthenticationResult" in door.sign_in(authenticator)


def test_an_absent_user_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    authenticator.flags = VERIFIED
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_a_wrong_signature_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    answer = authenticator.answer(door.ask())
    answer["response"]["signature"] = encode(b"\x30\x06\x02\x01\x01\x02\x01\x01")
    with door.api.refused("NotAuthorizedException"):
        door.show(answer)


def test_a_registrations_answer_signs_nobody_in(door: Passkeys) -> None:
    authenticator = door.register()
    authenticator.client_data = {"type": "webauthn.create"}
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_a_passkey_that_was_made_for_another_domain_is_not_asked_for(door: Passkeys) -> None:
    authenticator = door.register()
    options = door.ask()
    door.configure(RelyingPartyId="example.com")
    assert "WEB_AUTHN" not in door.begin("USER_AUTH")["AvailableChallenges"]
    door.configure()
    options = door.ask()
    door.configure(RelyingPartyId="example.com")
    authenticator.rp_id, authenticator.origin = "example.com", "https://example.com"
    with door.api.refused("NotAuthorizedException"):
        door.show(authenticator.answer(options))


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null"])
def test_a_malformed_answer_may_be_corrected(door: Passkeys, text: str) -> None:
    authenticator = door.register()
    options, session = door.ask(), door.last["Session"]
    with door.api.refused("InvalidParameterException"):
        door.answer("WEB_AUTHN", CREDENTIAL=text)
    answer = json.dumps(authenticator.answer(options))
    assert "AuthenticationResult" in door.answer("WEB_AUTHN", session=session, CREDENTIAL=answer)


def test_a_disabled_user_does_not_sign_in(door: Passkeys) -> None:
    authenticator = door.register()
    door.api("AdminDisableUser", UserPoolId=door.pool, Username="ada")
    with door.api.refused("NotAuthorizedException", "disabled"):
        door.sign_in(authenticator)


def test_a_stranger_is_asked_for_a_passkey_as_anybody_is(door: Passkeys) -> None:
    """Attack: telling who has an account. What a name is offered and asked is the same each time."""
    door.register()
    names = [f"nobody-{number}" for number in range(40)]
    asked = [name for name in names if "WEB_AUTHN" in door.begin("USER_AUTH", name)["AvailableChallenges"]]
    assert 5 < len(asked) < 35
    first, again, mine = (json.loads(door.ask(name)) for name in (asked[0], asked[0], "ada"))
    assert first["allowCredentials"] == again["allowCredentials"]
    assert {key: type(value) for key, value in first.items()} == {key: type(value) for key, value in mine.items()}
    assert len(first["allowCredentials"][0]["id"]) == len(mine["allowCredentials"][0]["id"])
    stranger = Authenticator()
    stranger.make(door.options())
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.sign_in(stranger, asked[0])


# A passkey as both factors in one.


@pytest.fixture
def door_of_both(api: Api) -> Passkeys:
    door = Passkeys.open(api, first=["PASSWORD", "WEB_AUTHN"])
    assert isinstance(door, Passkeys)
    door.configure("OPTIONAL", FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
    door.user()
    return door


@pytest.mark.parametrize("mfa", ["OPTIONAL", "ON"])
def test_a_passkey_is_both_factors_for_whoever_wants_it(door_of_both: Passkeys, mfa: str) -> None:
    door = door_of_both
    authenticator = door.register()
    door.with_app()
    door.configure(mfa, FactorConfiguration="MULTI_FACTOR_WITH_USER_VERIFICATION")
    door.prefer(SoftwareTokenMfaSettings={"Enabled": True})
    assert door.begin("USER_AUTH")["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]
    door.prefer(WebAuthnMfaSettings={"Enabled": True})
    assert door.api("AdminGetUser", UserPoolId=door.pool, Username="ada")["UserMFASettingList"] == [
        "SOFTWARE_TOKEN_MFA",
        "WEB_AUTHN_MFA",
    ]
    assert json.loads(door.ask())["userVerification"] == "required"
    assert "AuthenticationResult" in door.sign_in(authenticator)
    assert door.by_password()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    authenticator.flags = PRESENT
    with door.api.refused("NotAuthorizedException"):
        door.sign_in(authenticator)


def test_a_passkey_asked_before_mfa_was_required_is_only_the_first_factor(door_of_both: Passkeys) -> None:
    """Attack: a sign-in begun before the second factor was turned on, and ended without it."""
    door = door_of_both
    authenticator = door.register()
    options, session = door.ask(), door.last["Session"]
    door.with_app()
    door.prefer(SoftwareTokenMfaSettings={"Enabled": True})
    answer = json.dumps(authenticator.answer(options))
    assert door.answer("WEB_AUTHN", session=session, CREDENTIAL=answer)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_passkeys_alone_are_no_second_factor_and_where_they_are_one_factor_neither(door_of_both: Passkeys) -> None:
    door = door_of_both
    with door.api.refused("InvalidParameterException", "besides passkeys"):
        door.prefer(WebAuthnMfaSettings={"Enabled": True})
    door.with_app()
    door.prefer(SoftwareTokenMfaSettings={"Enabled": True}, WebAuthnMfaSettings={"Enabled": True})
    door.prefer(SoftwareTokenMfaSettings={"Enabled": False})
    assert door.api.stored_user(door.pool, "ada").mfa_methods == []
    door.configure("OPTIONAL", FactorConfiguration="SINGLE_FACTOR")
    with door.api.refused("InvalidParameterException", "not a second factor"):
        door.prefer(SoftwareTokenMfaSettings={"Enabled": True}, WebAuthnMfaSettings={"Enabled": True})


def test_passkeys_of_one_factor_do_not_fit_a_pool_that_requires_two(door_of_both: Passkeys) -> None:
    with door_of_both.api.refused("InvalidParameterException", "AllowedFirstAuthFactors"):
        door_of_both.configure("ON", FactorConfiguration="SINGLE_FACTOR")


# The pool's settings.


def test_the_settings_are_shown_and_go_when_they_are_not_named(door: Passkeys) -> None:
    show: Callable[[], Any] = lambda: door.api("GetUserPoolMfaConfig", UserPoolId=door.pool)  # noqa: E731
    assert show()["WebAuthnConfiguration"] == {
        "RelyingPartyId": DOMAIN,
        "UserVerification": "preferred",
        "FactorConfiguration": "SINGLE_FACTOR",
    }
    door.api("UpdateUserPool", UserPoolId=door.pool)
    assert show()["WebAuthnConfiguration"]["RelyingPartyId"] == DOMAIN
    assert "WebAuthnConfiguration" not in door.api.describe_pool(door.pool)
    door.api("SetUserPoolMfaConfig", UserPoolId=door.pool, MfaConfiguration="OFF")
    assert "WebAuthnConfiguration" not in show()


@pytest.mark.parametrize("name", ["https://example.com", "example.com/", "127.0.0.1", "Example.com", "a..b", "-a.com"])
def test_a_relying_party_is_a_domain_name(door: Passkeys, name: str) -> None:
    with door.api.refused("InvalidParameterException"):
        door.configure(RelyingPartyId=name)


def test_passkeys_need_a_tier_above_lite(api: Api) -> None:
    with api.refused("FeatureUnavailableInTierException"):
        api.new_pool(UserPoolTier="LITE", Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["WEB_AUTHN"]}})
    pool = api.new_pool(UserPoolTier="LITE")
    with api.refused("FeatureUnavailableInTierException"):
        api(
            "SetUserPoolMfaConfig",
            UserPoolId=pool,
            MfaConfiguration="OFF",
            WebAuthnConfiguration={"RelyingPartyId": DOMAIN},
        )
