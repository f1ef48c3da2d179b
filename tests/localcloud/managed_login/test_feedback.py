"""The two links of a mail about a sign-in with a risk: one click says whose it was, and only a genuine one counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from localcloud.store import replaced
from localcloud.userpool.configuration.pool_state import AuthEvent
from localcloud.userpool.models import User
from localcloud.userpool.protection import feedback
from tests.localcloud.managed_login.pages_site import ENDPOINT, Site

PLUS: dict[str, Any] = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}


@pytest.fixture
def site() -> Site:
    return Site.make(**PLUS)


@pytest.fixture
def event(site: Site) -> AuthEvent:
    event = AuthEvent(site.pool_id, "ada", "1", "an-event", "SignIn", "Fail", [], "127.0.0.1", "", "1app", 0.0, "Block")
    site.cloud.store.put(event)
    site.cloud.store.put(User(site.pool_id, "ada", "ada", "ada", "CONFIRMED", 0.0, 0.0, {}))
    return event


def links(site: Site, event: AuthEvent) -> tuple[str, str]:
    user = site.cloud.store.get(User, site.pool_id, event.sub)
    assert user is not None
    return feedback.links(site.context, site.pool, user, event.id)


def said(site: Site, event: AuthEvent) -> dict[str, object]:
    [kept] = site.cloud.store.find(AuthEvent, pool_id=site.pool_id, sub=event.sub)
    return kept.feedback


@pytest.mark.parametrize(("place", "value", "text"), [(0, "Valid", "yours."), (1, "Invalid", "not yours.")])
def test_one_click_is_enough(site: Site, event: AuthEvent, place: int, value: str, text: str) -> None:
    page = site.browser().open(links(site, event)[place])
    assert page.status == 200
    assert text in page.html
    assert (said(site, event)["FeedbackValue"], said(site, event)["Provider"]) == (value, "User")


def test_a_link_of_ones_own_making_says_nothing(site: Site, event: AuthEvent) -> None:
    """Attack: whoever knows an event's id, speaking for its user."""
    other = replaced(event, id="another", rank="2")
    site.cloud.store.put(other)
    mine = links(site, event)[0]
    for wrong in (
        mine.replace("token=", "token=0"),
        mine.replace("event=an-event", "event=another"),
        mine.replace("user=ada", "user=nobody"),
        mine.replace("value=Valid", "value=Perhaps"),
        f"{ENDPOINT}{urlsplit(mine).path}",
    ):
        assert site.browser().open(wrong).status == 400
    assert not any(kept.feedback for kept in site.cloud.store.find(AuthEvent, pool_id=site.pool_id, sub="ada"))
