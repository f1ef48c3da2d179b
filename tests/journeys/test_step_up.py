"""Step-up authentication: what takes something away wants a sign-in of the last minutes, and not just fresh tokens."""

from __future__ import annotations

import urllib.request

import pytest

from auth import Ask, AuthClient, FileDeviceStore, HostedUi, SignedIn, Tokens, api
from auth.errors import NotAuthorized, ResourceNotFound, StepUpRequired, TokenBindingInvalid
from tests.journeys.mailed import code_for
from tests.journeys.people import PASSWORD, Person, settings_of
from tests.journeys.plain_browser import PlainBrowser
from tests.journeys.test_api import ask
from tests.local_cloud import LocalCloud

NO_DEVICE = "/me/devices/us-east-1_00000000-0000-4000-8000-000000000000"


def forget(person: Person, tokens: Tokens) -> None:
    """Forget a device that is not there: whoever gets so far has passed. Raises StepUpRequired."""
    with pytest.raises(ResourceNotFound):
        api.call(settings_of(person.cloud), tokens, "DELETE", NO_DEVICE)


def test_an_old_sign_in_has_to_be_done_again(cloud: LocalCloud, person: Person) -> None:
    first = person.sign_in()
    forget(person, first.tokens)
    cloud.advance(301)
    refused = ask(cloud, "DELETE", NO_DEVICE, first.tokens.access_token)
    assert (refused.status, refused.body["error"]["code"]) == (401, "insufficient_user_authentication")
    assert 'error="insufficient_user_authentication"' in refused.challenge
    assert 'max_age="300"' in refused.challenge
    # Attack: whoever holds the refresh token makes new tokens of it, and is no nearer.
    refreshed = person.client.refresh(first.tokens)
    with pytest.raises(StepUpRequired, match="300 seconds"):
        api.call(settings_of(cloud), refreshed, "DELETE", NO_DEVICE)
    again = person.client.step_up(refreshed, person.email, PASSWORD, device=first.device)
    forget(person, again.tokens)
    assert again.tokens.device_key == first.tokens.device_key
    forget(person, person.client.refresh(again.tokens))
    assert ask(cloud, "GET", "/me", refreshed.access_token).status == 200


def test_the_device_that_is_kept_is_used(
    cloud: LocalCloud, person: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = AuthClient(settings_of(cloud), FileDeviceStore(tmp_path_factory.mktemp("devices")), now=cloud.now)
    first = client.sign_in(person.email, PASSWORD)
    again = client.step_up(first.tokens, person.email, PASSWORD)
    assert again.tokens.device_key == first.tokens.device_key
    assert len(api.call(settings_of(cloud), again.tokens, "GET", "/me/devices")["devices"]) == 1


def test_a_second_factor_is_asked_for(cloud: LocalCloud, person: Person) -> None:
    person.enrol_totp()
    tokens = person.sign_in().tokens
    asked: list[str] = []

    def answer(question: Ask) -> str:
        asked.append(question.kind)
        return person.next_code()

    forget(person, person.client.step_up(tokens, person.email, PASSWORD, answer).tokens)
    assert asked == ["totp_code"]


def test_whoever_has_no_password_proves_the_address(cloud: LocalCloud, person: Person) -> None:
    tokens = person.sign_in().tokens
    cloud.advance(301)
    with pytest.raises(StepUpRequired):
        forget(person, tokens)
    again = person.client.step_up(
        tokens, person.email, answer=lambda _: code_for(cloud, person.email), kind="one_time_code"
    )
    forget(person, again.tokens)


def test_nobody_else_steps_up(cloud: LocalCloud, person: Person) -> None:
    # Attack: another user's password, typed into an app that shows this one's data.
    bob = Person.new(cloud, f"bob-{person.email}")
    tokens = person.sign_in().tokens
    sessions: list[SignedIn] = []
    with pytest.raises(TokenBindingInvalid):
        sessions.append(person.client.step_up(tokens, bob.email, PASSWORD))
    assert sessions == []
    with pytest.raises(NotAuthorized):
        person.client.step_up(tokens, person.email, "Wrong-Horse-7")


def test_the_pools_pages_ask_again(cloud: LocalCloud, person: Person) -> None:
    hosted_ui = HostedUi(settings_of(cloud), now=cloud.now)
    here, browser = "http://localhost:3000/callback", PlainBrowser("http://localhost:3000/")
    first = hosted_ui.begin(here)
    back = browser.submit(browser.open(first.url), username=person.email, password=PASSWORD)
    tokens = hosted_ui.finish(first, back.url)
    cloud.advance(301)
    # The browser is signed in still: without `step_up` nobody is asked, and nothing is newer.
    second = hosted_ui.begin(here)
    with pytest.raises(StepUpRequired):
        forget(person, hosted_ui.finish(second, browser.open(second.url).url))
    third = hosted_ui.begin(here, step_up=True)
    back = browser.submit(browser.open(third.url), username=person.email, password=PASSWORD)
    forget(person, hosted_ui.finish(third, back.url))
    assert hosted_ui.claims(tokens)["email"] == person.email


def test_a_web_page_may_read_why(cloud: LocalCloud, person: Person) -> None:
    """A browser hides headers from pages of another origin, unless the API names them."""
    tokens = person.sign_in().tokens
    url = cloud.outputs["ApiUrl"] + "/me"
    headers = {"authorization": f"Bearer {tokens.access_token}", "origin": "http://localhost:3000"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        assert "www-authenticate" in answer.headers["access-control-expose-headers"].lower()
