"""The way out to the network leads to https and to this machine, to nothing else, and not for long."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

import pytest

from localcloud.federation import fetch as module
from localcloud.federation.addresses import AnswerError, checked
from localcloud.federation.fetch import fetch
from tests.localcloud.federation.stand_in import StandIn


def test_a_document_comes_as_it_is(stand_in: StandIn) -> None:
    stand_in.answers["/a"] = b"hello"
    assert fetch(f"{stand_in.url}/a") == b"hello"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "http://example.com/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "https://ada:secret@example.com/",
        "http://0.0.0.0/",
        "https:///a",
        "https://exämple.com/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: other",
        "//example.com/",
        "",
    ],
)
def test_an_address_of_another_kind_is_not_asked(url: str) -> None:
    """Server-side request forgery: what only this machine can reach is not to be had through it."""
    with pytest.raises(ValueError, match=r"\S"):
        checked(url)
    with pytest.raises(OSError, match=r"\S"):
        fetch(url)


def test_a_redirect_is_not_followed(stand_in: StandIn) -> None:
    """The way round the check of the address."""
    stand_in.answers["/a"] = (302, {"location": f"{stand_in.url}/b"}, b"")
    stand_in.answers["/b"] = b"secret"
    with pytest.raises(AnswerError, match="302"):
        fetch(f"{stand_in.url}/a")
    assert stand_in.asked == ["/a"]


@pytest.mark.parametrize("status", [204, 401, 404, 500])
def test_any_other_status_is_an_error_that_says_so(stand_in: StandIn, status: int) -> None:
    stand_in.answers["/a"] = (status, {}, b"")
    with pytest.raises(AnswerError) as caught:
        fetch(f"{stand_in.url}/a")
    assert caught.value.status == status


def test_a_document_without_end_is_given_up(stand_in: StandIn) -> None:
    stand_in.answers["/a"] = b"x" * (module.MAX_BYTES + 1)
    with pytest.raises(OSError, match="larger than"):
        fetch(f"{stand_in.url}/a")


def test_a_document_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, and all of them never do."""
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        with pytest.raises(TimeoutError):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")


def drip(server: socket.socket) -> None:
    """An answer of which a byte comes every now and then."""
    connection, _ = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"x")
            time.sleep(0.01)


def test_nobody_listens(stand_in: StandIn) -> None:
    with pytest.raises(OSError, match="refused"):
        fetch("http://127.0.0.1:1/")


def test_a_proxy_is_not_asked_for_this_machine(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    stand_in.answers["/a"] = b"hello"
    assert fetch(f"{stand_in.url}/a") == b"hello"


def test_what_is_no_http_is_an_error(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def garbage(*_: Any, **__: Any) -> Any:
        raise ValueError("no HTTP")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", garbage)
    with pytest.raises(OSError, match="no HTTP"):
        fetch(f"{stand_in.url}/a")


def test_a_form_is_posted_and_headers_go_along(stand_in: StandIn) -> None:
    stand_in.answers["/a"] = b"hello"
    assert fetch(f"{stand_in.url}/a", {"a": "1 & 2", "b": "é"}, {"Authorization": "Bearer x"}) == b"hello"
    assert fetch(f"{stand_in.url}/a", {}) == b"hello"
    assert stand_in.posted == [{"a": "1 & 2", "b": "é"}, {}]
    assert stand_in.authorized == ["Bearer x"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_form_is_not_carried_on_by_a_redirect(stand_in: StandIn, status: int) -> None:
    """A secret may be in it."""
    stand_in.answers["/a"] = (status, {"location": f"{stand_in.url}/b"}, b"")
    with pytest.raises(AnswerError, match=str(status)):
        fetch(f"{stand_in.url}/a", {"client_secret": "x"}, {"Authorization": "Bearer x"})
    assert stand_in.asked == ["/a"]


def test_the_start_of_an_answer_that_says_no_is_kept_and_not_told(stand_in: StandIn) -> None:
    stand_in.answers["/a"] = (400, {}, b"secret" * 10_000)
    with pytest.raises(AnswerError) as caught:
        fetch(f"{stand_in.url}/a")
    assert caught.value.body == (b"secret" * 10_000)[: module.MAX_ERROR_BYTES]
    assert "secret" not in str(caught.value)
