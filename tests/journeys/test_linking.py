"""One user, several providers: whose sign-ins are joined, in which order soever, and whose never are."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from auth.errors import AuthError, NotAuthorized, TriggerRefused, UsernameTaken
from tests.events import load
from tests.journeys.federated import COMPANY, PROVIDERS, FederatedApp, own_file, subject, upload
from tests.journeys.held_keys import Keys
from tests.journeys.people import PASSWORD, Person, root_client, unsigned_client
from tests.journeys.refusals import code_of, is_denied, may_sign_in
from tests.local_cloud import wait_until


def test_a_password_first_then_google(federated: FederatedApp, email: str) -> None:
    """Either way in is the same user, with the same files."""
    cloud, person = federated.cloud, Person.new(federated.cloud, email)
    identity_id = upload(person, cloud, "by password")
    arrival = federated.arrive("Google", email)
    assert arrival.sub == federated.user(email)["sub"] == sub_of(federated, person)
    assert federated.user(email)["email_verified"] == "true"
    assert upload(arrival, cloud, "by Google") == identity_id
    own = {name: own_file(cloud, identity_id, name) for name in ("by password", "by Google")}
    assert arrival.identity.client("s3").get_object(**own["by password"])["Body"].read() == b"by password"
    assert person.identity().client("s3").get_object(**own["by Google"])["Body"].read() == b"by Google"


def test_an_address_is_the_same_in_capital_letters(federated: FederatedApp, email: str) -> None:
    """As a phone's keyboard writes it at the sign-up, and no provider does."""
    person = Person.new(federated.cloud, email.replace("user", "User").replace("example", "Example"))
    arrival = federated.arrive("Google", email)
    assert arrival.sub == federated.user(email)["sub"] == sub_of(federated, person)


def test_google_first_then_a_password(federated: FederatedApp, email: str) -> None:
    arrival, newcomer = federated.arrive("Google", email), federated.visitor(email)
    with pytest.raises(UsernameTaken):
        newcomer.client.sign_up(email, PASSWORD, {"email": email})
    newcomer.client.forgot_password(email)
    newcomer.client.confirm_forgot_password(email, federated.cloud.code(email), PASSWORD)
    assert sub_of(federated, newcomer) == arrival.sub
    assert federated.arrive("Google", email).sub == arrival.sub


@pytest.mark.parametrize("first", [*PROVIDERS, None])
def test_all_providers_are_one_user_at_the_first_attempt(
    federated: FederatedApp, email: str, first: str | None
) -> None:
    """Whoever is first, be it the user's own sign-up."""
    order = [first, *(name for name in PROVIDERS if name != first)] if first else list(PROVIDERS)
    if first is None:
        Person.new(federated.cloud, email)
    arrivals = [federated.arrive(name, email) for name in order]
    assert len({arrival.sub for arrival in arrivals}) == 1
    assert arrivals[-1].providers == order
    user = federated.user(email)
    assert (user["status"], user["email_verified"]) == ("CONFIRMED", "true"), "and no user of a provider's own"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_domain_for_which_nobody_is_trusted(federated: FederatedApp, email: str, provider: str) -> None:
    address = email.replace("example.com", "elsewhere.test")
    Person.new(federated.cloud, address)
    arrival = federated.arrive(provider, address)
    assert {user["status"] for user in federated.users(address)} == {"CONFIRMED", "EXTERNAL_PROVIDER"}
    assert arrival.sub == next(u["sub"] for u in federated.users(address) if u["status"] == "EXTERNAL_PROVIDER")
    assert federated.arrive(provider, address).sub == arrival.sub


def test_attack_an_address_that_google_has_not_verified(federated: FederatedApp, email: str) -> None:
    victim = sub_of(federated, Person.new(federated.cloud, email))
    attacker = federated.arrive("Google", email, verified=False)
    assert attacker.sub != victim
    assert attacker.claims["email_verified"] is False
    assert own_users(federated, email) == {victim}
    assert federated.arrive("Facebook", email).sub == victim, "the attacker's is no user to join"


def test_attack_a_sign_up_that_waits_for_its_victim(federated: FederatedApp, email: str) -> None:
    """It was never confirmed, so it is removed, and its password is good for nothing."""
    attacker = federated.visitor(email)
    attacker.client.sign_up(email, PASSWORD, {"email": email})
    waiting, code = federated.user(email)["sub"], federated.cloud.code(email)
    victim = federated.arrive("Google", email)
    assert victim.sub == federated.user(email)["sub"] != waiting
    assert not may_sign_in(attacker, email)
    with pytest.raises(AuthError):
        attacker.client.confirm_sign_up(email, code)
    assert not may_sign_in(attacker, email)


def test_attack_a_user_who_never_showed_that_the_address_is_theirs(federated: FederatedApp, email: str) -> None:
    """Confirmed by an administrator or a trigger, and the address is anybody's."""
    attacker = federated.visitor(email)
    attacker.client.sign_up(email, PASSWORD, {"email": email})
    federated.admin("admin_confirm_sign_up", email)
    arrival = federated.arrive("Google", email)
    assert arrival.sub != sub_of(federated, attacker)
    assert arrival.providers == ["Google"]
    assert own_users(federated, email) == {sub_of(federated, attacker)}


def test_attack_a_user_who_asks_for_somebody_elses_address(federated: FederatedApp, email: str) -> None:
    """A new address counts when its code has come back, and not before."""
    attacker, victim = Person.new(federated.cloud, f"attacker-{email}"), email
    access = attacker.sign_in().tokens.access_token
    attributes = [{"Name": "email", "Value": victim}]
    api = unsigned_client(federated.cloud, "cognito-idp")
    api.update_user_attributes(AccessToken=access, UserAttributes=attributes)
    assert federated.arrive("Google", victim).sub != sub_of(federated, attacker)
    code = federated.cloud.code(victim)
    assert code_of(api.verify_user_attribute, AccessToken=access, AttributeName="email", Code=code) in (
        "AliasExistsException",
    )


def test_a_provider_is_kept_to_its_domains(federated: FederatedApp, email: str) -> None:
    address = email.replace("example.com", "else.test")
    with pytest.raises(TriggerRefused, match="Facebook may not sign in this e-mail domain"):
        federated.arrive("Facebook", address)
    assert federated.users(address) == []
    Person.new(federated.cloud, address)
    with pytest.raises(TriggerRefused):
        federated.arrive("Facebook", address)
    assert "identities" not in federated.user(address)


def test_the_trigger_may_run_again_for_the_same_sign_in(federated: FederatedApp, email: str) -> None:
    assert run(federated, "Google", email) == run(federated, "Google", email)
    known = federated.user(email)
    arrival = federated.arrive("Google", email)
    assert (arrival.sub, arrival.providers) == (known["sub"], ["Google"])
    known = federated.user(email)
    run(federated, "Google", email)
    assert federated.user(email) == known


@pytest.mark.parametrize("providers", [("Google",) * 3, PROVIDERS])
def test_the_trigger_may_run_several_times_at_once(
    federated: FederatedApp, email: str, providers: tuple[str, ...]
) -> None:
    """Somebody's first sign-ins in two windows, or one that AWS tries again while the first try is still busy."""
    with ThreadPoolExecutor(len(providers)) as threads:
        answers = list(threads.map(lambda name: run(federated, name, email), providers))
    assert all("userAttributesToMap" in answer["response"] for answer in answers)
    linked = {(entry["providerName"], entry["userId"]) for entry in json.loads(federated.user(email)["identities"])}
    assert linked == {(name, subject(name, email)) for name in providers}


def test_a_trigger_that_was_killed_is_taken_up_by_the_next_sign_in(federated: FederatedApp, email: str) -> None:
    """It had made the user, and neither confirmed nor linked it."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    federated.admin("admin_create_user", email, UserAttributes=attributes, MessageAction="SUPPRESS")
    left = federated.user(email)
    assert left["status"] == "FORCE_CHANGE_PASSWORD"
    arrival = federated.arrive("Google", email)
    assert (arrival.sub, federated.user(email)["status"]) == (left["sub"], "CONFIRMED")
    owner = federated.visitor(email)
    owner.client.forgot_password(email)
    owner.client.confirm_forgot_password(email, federated.cloud.code(email), PASSWORD)
    assert sub_of(federated, owner) == arrival.sub


def test_a_link_is_undone(federated: FederatedApp, email: str) -> None:
    """Who is not joined again, as the provider no longer vouches for the address, is a user of its own."""
    person = Person.new(federated.cloud, email)
    joined = federated.arrive("Google", email)
    unlink(federated, "Google", subject("Google", email))
    assert "identities" not in federated.user(email)
    alone = federated.arrive("Google", email, verified=False)
    assert (alone.sub != joined.sub, sub_of(federated, person)) == (True, joined.sub)
    assert federated.arrive("Google", email).sub == alone.sub, "two users who exist are not merged"
    assert own_users(federated, email) == {joined.sub}


def test_a_user_without_a_password_keeps_the_provider(federated: FederatedApp, email: str) -> None:
    person = Person.new(federated.cloud, email)
    joined = federated.arrive("Google", email)
    unlink(federated, "Cognito", email)
    assert not may_sign_in(person, email)
    assert federated.arrive("Google", email).sub == joined.sub == federated.user(email)["sub"]


def test_a_disabled_user_comes_in_by_no_provider(federated: FederatedApp, email: str) -> None:
    person = Person.new(federated.cloud, email)
    federated.arrive("Google", email)
    federated.admin("admin_disable_user", email)
    for provider in ("Google", "Facebook"):
        with pytest.raises(AuthError, match="User is disabled"):
            federated.arrive(provider, email)
    assert not may_sign_in(person, email)
    federated.admin("admin_enable_user", email)
    assert federated.arrive("Facebook", email).providers == ["Google", "Facebook"]


def test_a_global_sign_out_ends_a_sign_in_with_a_provider(federated: FederatedApp, email: str) -> None:
    arrival = federated.arrive("Google", email)
    keys = Keys.of(federated.cloud, arrival.identity)
    assert keys.work()
    federated.admin("admin_user_global_sign_out", email)
    for call in (federated.ui.refresh, federated.ui.user_info):
        with pytest.raises(NotAuthorized):
            call(arrival.tokens)
    api = unsigned_client(federated.cloud, "cognito-idp")
    assert code_of(api.get_user, AccessToken=arrival.tokens.access_token) == "NotAuthorizedException"
    wait_until(lambda: not keys.work())


def test_a_linked_user_has_the_role_of_the_group(federated: FederatedApp, email: str) -> None:
    """Editors write shared files: the group is the user's, whichever way the user comes."""
    cloud = federated.cloud
    shared = {"Bucket": cloud.outputs["UserDataBucket"], "Key": f"public/{email}"}
    Person.new(cloud, email)
    before = federated.arrive(COMPANY, email)
    assert is_denied(before.identity.client("s3").put_object, **shared, Body=b"shared")
    federated.admin("admin_add_user_to_group", email, GroupName="editors")
    after = federated.arrive(COMPANY, email)
    assert after.claims["cognito:groups"] == ["editors"]
    after.identity.client("s3").put_object(**shared, Body=b"shared")


def sub_of(app: FederatedApp, person: Person) -> str:
    """The user whom a person's password opens."""
    user = unsigned_client(app.cloud, "cognito-idp").get_user(AccessToken=person.sign_in().tokens.access_token)
    return str(next(entry["Value"] for entry in user["UserAttributes"] if entry["Name"] == "sub"))


def own_users(app: FederatedApp, email: str) -> set[str]:
    """The pool's own users of an address."""
    return {user["sub"] for user in app.users(email) if user["status"] != "EXTERNAL_PROVIDER"}


def unlink(app: FederatedApp, provider: str, subject: str) -> None:
    source = {"ProviderName": provider, "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": subject}
    app.root.admin_disable_provider_for_user(UserPoolId=app.pool_id, User=source)


def run(app: FederatedApp, provider: str, email: str) -> Any:
    """What the stack's trigger answers, called as the pool calls it at a provider's sign-in."""
    event = load("inbound_federation") | {"userPoolId": app.pool_id}
    user = subject(provider, email)
    event["userName"] = f"{provider}_{user}"
    event["request"] |= {"providerName": provider, "providerType": "SAML" if provider == COMPANY else provider}
    attributes, said = event["request"]["attributes"], {"email": email}
    attributes |= {"idToken": None, "userInfo": None}
    if provider == "Google":
        attributes["idToken"] = said | {"sub": user, "email_verified": "true"}
    elif provider == "Facebook":
        attributes["userInfo"] = said | {"id": user}
    else:
        claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
        attributes["samlResponse"] = {claim: email}
    answer = root_client(app.cloud, "lambda").invoke(
        FunctionName="gatehouse-local-inbound-federation:live", Payload=json.dumps(event)
    )
    found = json.load(answer["Payload"])
    assert "FunctionError" not in answer, found
    return found
