"""The key cache: one fetch, a pause before the next, no key that should not be there, and only safe addresses."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from auth.errors import TokenKeysUnavailable, TokenKeyUnknown
from auth.https import MAX_BYTES
from auth.jwks import COOL_DOWN, MAX_AGE, Jwks, fetch_json, read_keys
from tests.auth.minting import jwk

KEY = rsa.generate_private_key(65537, 2048)
URL = "https://keys.example/jwks.json"


class Source:
    """A JWKS address and a clock, both in the test's hand."""

    def __init__(self, *kids: str) -> None:
        self.kids, self.fetches, self.time, self.up = kids, 0, 100.0, True
        self.jwks = Jwks(URL, fetch=self.fetch, now=lambda: self.time)

    def fetch(self, url: str) -> bytes:
        assert url == URL
        self.fetches += 1
        if not self.up:
            raise OSError("down")
        return json.dumps({"keys": [jwk(KEY, kid) for kid in self.kids]}).encode()


def test_keys_are_fetched_once_and_kept_as_objects() -> None:
    source = Source("a", "b")
    assert source.jwks.key("a").public_numbers() == KEY.public_key().public_numbers()
    assert source.jwks.key("a") is source.jwks.key("a")
    source.jwks.key("b")
    assert source.fetches == 1


def test_an_unknown_key_costs_one_fetch_for_each_pause() -> None:
    """Attack: tokens with made-up key ids, to make us flood the pool."""
    source = Source("a")
    source.jwks.key("a")
    for n in range(50):
        with pytest.raises(TokenKeyUnknown):
            source.jwks.key(f"made-up-{n}")
    assert source.fetches == 1
    source.time += COOL_DOWN
    for n in range(50):
        with pytest.raises(TokenKeyUnknown):
            source.jwks.key(f"made-up-{n}")
    assert source.fetches == 2
    source.jwks.key("a")


def test_a_new_key_is_found_after_the_pause() -> None:
    source = Source("a")
    source.jwks.key("a")
    source.kids = ("b",)
    source.time += COOL_DOWN
    source.jwks.key("b")
    with pytest.raises(TokenKeyUnknown):
        source.jwks.key("a")


def test_a_failed_fetch_is_not_repeated_at_once_either() -> None:
    source = Source("a")
    source.up = False
    for _ in range(20):
        with pytest.raises(TokenKeysUnavailable):
            source.jwks.key("a")
    assert source.fetches == 1
    source.up, source.time = True, source.time + COOL_DOWN
    source.jwks.key("a")


def test_a_withdrawn_key_ends_but_an_outage_does_not_end_the_others() -> None:
    source = Source("a", "b")
    source.jwks.key("a")
    source.time += MAX_AGE + 1
    source.up = False
    source.jwks.key("a")
    source.up, source.kids, source.time = True, ("b",), source.time + COOL_DOWN
    with pytest.raises(TokenKeyUnknown):
        source.jwks.key("a")


def test_threads_that_start_together_share_one_fetch() -> None:
    source = Source("a")
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(source.jwks.key, ["a"] * 32))
    assert len(set(map(id, keys))) == 1
    assert source.fetches == 1


def test_keys_of_other_kinds_and_weak_keys_are_left_out() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    keys = [
        jwk(KEY, "good"),
        jwk(weak, "weak"),
        jwk(KEY, "encrypts", use="enc"),
        jwk(KEY, "other", alg="RS512"),
        {"kty": "EC", "kid": "ec"},
        {"kty": "oct", "kid": "hmac", "k": "AAAA"},
    ]
    assert set(read_keys(json.dumps({"keys": keys}).encode())) == {"good"}


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"{}", b'{"keys": 7}', b'{"keys": [7]}', b'{"keys": [{"kty": "RSA"}]}', b" " * (MAX_BYTES + 1)]
    + [json.dumps({"keys": [jwk(KEY, "a", e=e)]}).encode() for e in (None, 7, "", "Ag", "é")],
)
def test_a_document_that_is_no_jwks_gives_no_keys(document: bytes) -> None:
    with pytest.raises(TokenKeysUnavailable):
        Jwks(URL, fetch=lambda _: document).key("a")


@pytest.mark.parametrize(
    "url", ["http://keys.example/", "http://127.0.0.1.evil.example/", "file:///etc/passwd", "ftp://x/", "", "keys"]
)
def test_keys_come_over_https_or_from_this_machine(url: str) -> None:
    """Attack: whoever stands in between serves keys of their own."""
    with pytest.raises(ValueError, match="https"):
        Jwks(url)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        redirect = self.path == "/redirect"
        self.send_response(302 if redirect else 200)
        if redirect:
            self.send_header("Location", "/jwks.json")
        self.end_headers()
        if not redirect:
            self.wfile.write(b"x" * (2 * MAX_BYTES if self.path == "/large" else 10))

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_document_is_fetched_and_a_large_one_is_cut_off(server: str) -> None:
    assert fetch_json(f"{server}/jwks.json") == b"x" * 10
    assert len(fetch_json(f"{server}/large")) == MAX_BYTES + 1


def test_a_redirect_is_refused(server: str) -> None:
    """Attack: an open redirect at the pool's address leads to other keys, or to a file or a plain-http address."""
    with pytest.raises(OSError, match="302"):
        fetch_json(f"{server}/redirect")
