"""The listener of `gatehouse login` lets in the one visit that it waits for, over real sockets."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from auth.cli.loopback import Loopback
from auth.errors import AuthError


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback(0, "/callback") as loopback:
        yield loopback


@pytest.fixture
def browsers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as browsers:
        yield browsers


class Page:
    """What a browser got."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode()


def get(port: int, path: str, host: str | None = None, method: str = "GET") -> Page:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host or f"localhost:{port}"})
        return Page(connection.getresponse())
    finally:
        connection.close()


def test_the_visit_that_was_expected_is_answered(loopback: Loopback, browsers: ThreadPoolExecutor) -> None:
    loopback.expect("state-1")
    asked = browsers.submit(get, loopback.port, "/callback?code=c&state=state-1")
    visit = loopback.receive(10)
    assert visit.url == "/callback?code=c&state=state-1"
    assert "state-1" not in repr(visit)
    visit.answer("Done <b>")
    page = asked.result()
    assert (page.status, "Done &lt;b&gt;" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")
    assert "<script" not in page.text


def test_a_visitor_can_be_sent_on(loopback: Loopback, browsers: ThreadPoolExecutor) -> None:
    loopback.expect("state-1")
    asked = browsers.submit(get, loopback.port, "/callback?state=state-1")
    loopback.receive(10).send_on("https://login.example.com/?a=b")
    assert (asked.result().status, asked.result().headers["Location"]) == (303, "https://login.example.com/?a=b")


@pytest.mark.parametrize(
    "path",
    [
        "/callback?code=c",
        "/callback?code=c&state=",
        "/callback?code=c&state=other",
        "/callback?code=c&state=state-1&state=state-1",
        "/callback?" + "a=b&" * 30 + "state=state-1",
    ],
)
def test_a_visit_without_our_state_is_sent_away_and_ends_nothing(
    loopback: Loopback, browsers: ThreadPoolExecutor, path: str
) -> None:
    """Attack: a page that the browser has open calls this address, to be signed in as the attacker, or to disturb."""
    loopback.expect("state-1")
    assert get(loopback.port, path).status == 400
    asked = browsers.submit(get, loopback.port, "/callback?state=state-1")
    loopback.receive(10).answer("Done")
    assert asked.result().status == 200


def test_a_second_callback_is_sent_away(loopback: Loopback, browsers: ThreadPoolExecutor) -> None:
    loopback.expect("state-1")
    asked = [browsers.submit(get, loopback.port, "/callback?state=state-1") for _ in range(3)]
    loopback.receive(10).answer("Done")
    assert sorted(page.result().status for page in asked) == [200, 400, 400]
    with pytest.raises(AuthError):
        loopback.receive(0.01)


def test_nobody_is_let_in_before_a_sign_in_waits(loopback: Loopback) -> None:
    assert get(loopback.port, "/callback?state=").status == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost", "localhost:1", "localhost.:{port}"]
)
def test_a_foreign_host_is_refused(loopback: Loopback, host: str) -> None:
    """Attack: DNS rebinding, a name of the attacker's that leads to this machine."""
    loopback.expect("state-1")
    page = get(loopback.port, "/callback?state=state-1", host.format(port=loopback.port))
    assert page.status == 403
    with pytest.raises(AuthError):
        loopback.receive(0.01)


def test_a_missing_or_a_second_host_is_refused(loopback: Loopback) -> None:
    loopback.expect("state-1")
    for hosts in ("", f"Host: localhost:{loopback.port}\r\nHost: evil.example\r\n"):
        with socket.create_connection(("127.0.0.1", loopback.port), timeout=10) as raw:
            raw.sendall(f"GET /callback?state=state-1 HTTP/1.1\r\n{hosts}\r\n".encode())
            assert b" 403 " in raw.recv(100)


def test_other_paths_and_methods_are_not_there(loopback: Loopback) -> None:
    loopback.expect("state-1")
    assert get(loopback.port, "/callback/?state=state-1").status == 404
    assert get(loopback.port, "/favicon.ico").status == 404
    assert get(loopback.port, "/callback?state=state-1", method="POST").status == 501
    assert get(loopback.port, "/callback?state=state-1", host=f"127.0.0.1:{loopback.port}", method="HEAD").status == 501


def test_a_connection_that_says_nothing_keeps_nobody_waiting(loopback: Loopback, browsers: ThreadPoolExecutor) -> None:
    """Browsers open connections ahead of need."""
    with socket.create_connection(("127.0.0.1", loopback.port)):
        loopback.expect("state-1")
        asked: Future[Page] = browsers.submit(get, loopback.port, "/callback?state=state-1")
        loopback.receive(5).answer("Done")
        assert asked.result().status == 200


def test_only_this_machine_is_listened_to(loopback: Loopback) -> None:
    assert loopback.socket.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_named(loopback: Loopback) -> None:
    with pytest.raises(AuthError, match=f"port {loopback.port} cannot be used") as caught:
        Loopback(loopback.port, "/callback")
    assert caught.value.hint == "--port names another one, which the app client has to allow"


def test_who_does_not_come_back_ends_the_wait(loopback: Loopback) -> None:
    loopback.expect("state-1")
    with pytest.raises(AuthError, match="did not come back within 0 seconds") as caught:
        loopback.receive(0.01)
    assert loopback.address in str(caught.value.hint)


def test_nothing_of_a_visit_is_printed(loopback: Loopback, capfd: pytest.CaptureFixture[str]) -> None:
    """The address holds the code."""
    get(loopback.port, "/callback?code=secret&state=x")
    with socket.create_connection(("127.0.0.1", loopback.port)) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        raw.recv(1000)
    assert capfd.readouterr() == ("", "")
