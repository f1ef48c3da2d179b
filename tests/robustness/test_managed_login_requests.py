"""Whatever comes to a pool's domain over the wire: an answer that is safe, never a fault, no secret in the log."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localcloud.managed_login import posted, routes
from localcloud.managed_login.door import Door
from localcloud.managed_login.models import PostedAnswer
from localcloud.managed_login.request import PREFIX
from localcloud.wire.http import Message
from localcloud.wire.web import AT_ONCE, Answer, redirect
from tests.localcloud.managed_login.pages_site import DOMAIN, PASSWORD, WANTED, Site
from tests.robustness.login_requests import (
    ACCESS_TOKEN,
    BROWSER,
    CODE,
    PROVIDER_SECRET,
    Asked,
    Provider,
    make_site,
    page,
    program,
    requests,
)

NASTY = (
    *("", "\0", "\r\nset-cookie: evil=1", "'\"><evil>", "\u2028", "\u202e", "😀" * 50, "a" * 5000, "..", "%00", "[x"),
    *("http://[x", "javascript:alert(1)", "//evil.example", "é", "{0.__class__}", "%s", "=", "a=b&a=c", "9" * 5000),
    *("-1", "null", "٣٣٣٣٣٣", "\x1b[2J", "\x7f", "\ufffe", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "PHg+", "AAAA"),
)
DOCUMENTS = (
    *(b"", b"{}", b"[]", b"null", b'{"error": {"type": 5}}', b'{"keys": [{"kid": "rsa", "kty": "RSA"}]}'),
    *(b'{"access_token": "a b", "id_token": 5}', b'{"access_token": 1}', b'{"id": "7", "email": ["x"], "name": null}'),
    *(b'{"id": "' + b"7" * 300 + b'"}', b'{"user_id": "7", "aud": "c", "exp": true}', b'{"a":' * 2000),
)
PARTS = {
    "query": ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "prompt",
              "identity_provider", "idp_identifier", "login_hint", "lang", "resource", "logout_uri", "handle", "code",
              "error", "iss", "SAMLResponse", "SAMLRequest", "RelayState", "SigAlg", "Signature"),
    "form": ("_csrf", "username", "password", "challenge", "session", "code", "answer", "choices", "grant_type",
             "refresh_token", "client_id", "client_secret", "token", "userAttributes.email", "userAttributes.sub",
             "SAMLResponse", "SAMLRequest", "RelayState", "state"),
    "cookies": ("cognito", "XSRF-TOKEN", "carried", "lang"),
    "headers": ("authorization", "accept-language", "user-agent", "host"),
}  # fmt: skip
SECRET = ("password", "session", "refresh_token", "SAMLResponse", "code", "code_verifier", "cognito", "XSRF-TOKEN")


@pytest.fixture(scope="module")
def site() -> Site:
    return make_site()


@pytest.fixture(scope="module")
def provider(site: Site) -> Provider:
    provider = Provider(site)
    site.cloud.fetch = provider.fetch
    return provider


def on_the_wire(part: str, value: str) -> str:
    """As a header can be sent at all."""
    if part not in ("cookies", "headers"):
        return value
    return "".join(c for c in value.encode().decode("latin-1") if c not in "\r\n\0")


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, int, str, int]:
    """In which part, which of its values, by what, and where in the old value (-1: in its place)."""
    part = draw(st.sampled_from(sorted(PARTS)))
    value = draw(st.sampled_from(NASTY) | st.text(max_size=20))
    return part, draw(st.integers(0, 30)), on_the_wire(part, value), draw(st.integers(-1, 100))


def spoilt(asked: Asked, part: str, number: int, value: str, place: int) -> Asked:
    # What the request has already is spoilt more often than what it has not.
    names = [*getattr(asked, part)] * 3 + list(PARTS[part])
    name = names[number % len(names)]
    old = getattr(asked, part).get(name, "")
    return asked.with_(part, name, value if place < 0 else old[:place] + value + old[place:])


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 99), st.lists(changes(), min_size=1, max_size=3), st.sampled_from(DOCUMENTS) | st.none())
def test_no_request_is_a_fault_and_no_secret_is_logged(
    site: Site,
    provider: Provider,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    number: int,
    spoils: list[tuple[str, int, str, int]],
    document: bytes | None,
) -> None:
    makers = sorted(requests(site, provider).items())
    provider.answers = {}
    # Or too many posted answers would wait.
    site.cloud.clock.advance(1)
    asked = makers[number % len(makers)][1]()
    known = {**asked.query, **asked.form, **asked.cookies}
    if document is not None:
        provider.answers = dict.fromkeys(("t", "k", "token", "access_token", "app", "me", "profile"), document)
    for spoil in spoils:
        asked = spoilt(asked, *spoil)
    answer = asked.send(site)
    assert answer.status < 500, caplog.text
    assert not caplog.records
    assert b"<evil>" not in answer.body or answer.content_type.startswith("application/json")
    logged = capfd.readouterr().err
    secrets = [PASSWORD, BROWSER, CODE, ACCESS_TOKEN, PROVIDER_SECRET, *(known.get(name, "") for name in SECRET)]
    assert not [secret for secret in secrets if len(secret) > 8 and secret in logged]
    # Attack: a line of the log, or a command to the terminal that shows it, made up by whoever sent the request.
    assert logged.count("\n") <= 1
    assert all(c.isprintable() for c in logged.rstrip("\n"))


def test_a_fault_is_a_reference_and_nothing_else(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Attack: reading in a traceback what a page would not say. It is on the server's own output."""

    def broken(_request: object) -> NoReturn:
        raise RuntimeError("the reason")

    monkeypatch.setattr(routes, "find", lambda _request: broken)
    answer = Asked("GET", "/login", WANTED).send(site)
    assert (answer.status, answer.content_type) == (500, "text/html; charset=utf-8")
    assert b"the reason" not in answer.body
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert str(record.args[0]).encode() in answer.body if isinstance(record.args, tuple) else False
    assert "the reason" in caplog.text
    told = program("token").send(site)
    assert (told.status, told.body) == (500, b'{"error":"server_error"}')


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:4566", "localhost@evil.example"])
@pytest.mark.parametrize("asked", [Asked("GET", "/login", WANTED), program("token"), Asked("GET", "/saml2/metadata")])
def test_attack_a_foreign_name_that_was_made_to_resolve_to_this_machine(site: Site, host: str, asked: Asked) -> None:
    """DNS rebinding: a page that may read what its own name answers, and guess passwords in the visitor's network."""
    assert asked.with_("headers", "host", host).send(site).status == 421
    assert asked.with_("headers", "host", "localhost:4566").send(site).status != 421


def test_attack_a_cookie_of_another_program_on_this_host(site: Site) -> None:
    """Cookies know no ports. Ours has the longer path, so it comes first, and the other one changes nothing."""
    good = page(site, "/login", username="bob@example.com", password=PASSWORD)
    for cookies, status in ((f"XSRF-TOKEN={BROWSER}; XSRF-TOKEN={'cd' * 32}", 303), (f"XSRF-TOKEN={'cd' * 32}", 400)):
        asked = Asked("POST", "/login", WANTED, good.form, headers={"cookie": cookies})
        assert asked.send(site).status == status


@pytest.mark.parametrize("value", ["https://a.example/\r\nset-cookie: evil=1", "https://a.example/\0", "https://é/"])
def test_attack_an_answer_with_another_header_in_a_value(value: str) -> None:
    with pytest.raises(ValueError, match="a character that none may have"):
        redirect(value)
    with pytest.raises(ValueError, match="a character that none may have"):
        redirect("/", value)
    with pytest.raises(ValueError, match="a character that none may have"):
        Answer(headers={"x": value})


def test_attack_answers_of_providers_posted_without_end() -> None:
    """By a page that all its visitors' browsers post from: what is kept of them has an end, and soon gives way."""
    site = make_site()
    asked = Asked("POST", "/saml2/idpresponse", form={"SAMLResponse": "x" * 1000})
    assert {asked.send(site).status for _ in range(posted.MOST)} == {303}
    assert asked.send(site).status == 503
    site.cloud.clock.advance(posted.SECONDS + 1)
    assert asked.send(site).status == 303
    assert site.cloud.store.count(PostedAnswer) == 1


def test_attack_pages_that_take_every_thread(site: Site) -> None:
    """They wait for triggers, which call back: somebody has to be there for them."""
    begun, goes_on = threading.Semaphore(0), threading.Event()

    class Slow(Door):
        def answer(self, head: object, body: object) -> Answer:
            begun.release()
            goes_on.wait(30)
            return Answer()

    async def send(_message: Message) -> None: ...

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def all_at_once(executor: ThreadPoolExecutor) -> None:
        door = Slow(site.cloud, executor)
        scope = {"type": "http", "method": "GET", "path": f"{PREFIX}{DOMAIN}/login", "headers": []}
        waiting = [asyncio.create_task(door(scope, receive, send)) for _ in range(AT_ONCE + 8)]
        for _ in range(AT_ONCE):
            assert await asyncio.to_thread(begun.acquire, timeout=30)
        assert not await asyncio.to_thread(begun.acquire, timeout=0.1)
        goes_on.set()
        await asyncio.gather(*waiting)

    with ThreadPoolExecutor(AT_ONCE + 8) as executor:
        asyncio.run(all_at_once(executor))
