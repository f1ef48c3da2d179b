"""`gatehouse login`, `whoami`, `logout` against a domain on a real socket, with a browser that only follows links."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError

import pytest
from click.testing import CliRunner, Result

from auth.cli import browser, main
from tests.auth import fake_domain, test_os_keyring
from tests.auth.fake_domain import FakeDomain


@dataclass
class Terminal:
    """The command, and the browser that it opens: what its last page said is in `pages`."""

    domain: FakeDomain
    outputs: Path
    port: int
    pages: list[str] = field(default_factory=list)
    seen: threading.Event = field(default_factory=threading.Event)

    def __call__(self, *args: str) -> Result:
        return CliRunner().invoke(main, ["--outputs", str(self.outputs), *args])

    def login(self, *args: str) -> Result:
        return self("login", "--port", str(self.port), *args)

    def browse(self, url: str) -> bool:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                self.pages.append(answer.read().decode())
        except HTTPError as error:
            with error:
                self.pages.append(error.read().decode())
        self.seen.set()
        return True

    def last_page(self) -> str:
        assert self.seen.wait(10)
        return self.pages[-1]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Terminal]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    test_os_keyring.use(monkeypatch, None)
    with fake_domain.running() as domain, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        outputs = tmp_path / "outputs.json"
        outputs.write_text(json.dumps(domain.outputs()))
        terminal = Terminal(domain, outputs, port)
        monkeypatch.setattr(webbrowser, "open", terminal.browse)
        yield terminal


def test_login_whoami_logout(terminal: Terminal) -> None:
    login = terminal.login()
    assert (login.exit_code, login.stdout[:44]) == (0, "signed in as ada@example.com (Google_7) unti"), login.output
    assert "the tokens are kept in " in login.stderr
    assert "You are signed in." in terminal.last_page()
    whoami = terminal("whoami")
    assert (whoami.exit_code, whoami.stdout, whoami.stderr) == (0, login.stdout, "")
    (refresh_token,) = terminal.domain.refresh_tokens
    logout = terminal("logout")
    assert (logout.exit_code, logout.stdout) == (0, "signed out\n")
    assert not terminal.domain.refresh_tokens, "the refresh token was revoked"
    assert terminal("whoami").stderr == "error: nobody is signed in\nhint: sign in with `gatehouse login`\n"
    assert terminal("logout").stdout == "nobody was signed in\n"
    assert refresh_token not in login.output + whoami.output + logout.output


def test_json_is_claims_and_never_tokens(terminal: Terminal) -> None:
    for ran in (terminal.login("--json"), terminal("whoami", "--json")):
        assert json.loads(ran.stdout)["email"] == "ada@example.com"
        kept = json.loads(next((terminal.outputs.parent / "state/gatehouse").iterdir()).read_text())
        secrets = [kept[name] for name in ("id_token", "access_token", "refresh_token")]
        assert not [secret for secret in secrets if secret in ran.output]


def test_login_goes_straight_to_a_provider(terminal: Terminal) -> None:
    assert terminal.login("--provider", "Google").exit_code == 0
    assert terminal.domain.asked[0][1]["identity_provider"] == "Google"
    assert terminal.domain.asked[0][1]["redirect_uri"] == f"http://localhost:{terminal.port}/callback"


def test_without_a_browser_the_address_is_printed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def person(url: str) -> None:
        printed(url)
        threading.Thread(target=terminal.browse, args=(url,)).start()

    printed = browser.print_address
    monkeypatch.setattr(browser, "print_address", person)
    monkeypatch.setattr(webbrowser, "open", lambda _: pytest.fail("a browser was opened"))
    login = terminal.login("--no-browser")
    assert login.exit_code == 0, login.output
    assert "open this address in a browser on this machine:\nhttp://127.0.0.1:" in login.stderr


def test_a_login_that_was_just_linked_is_tried_once_more_in_the_same_browser(terminal: Terminal) -> None:
    """AWS refuses the first federated sign-in whose trigger linked it to a user."""
    linked = {"error": "invalid_request", "error_description": "Already found an entry for username Google_7"}
    terminal.domain.answers = [linked]
    assert terminal.login("--provider", "Google").exit_code == 0
    tries = [query for path, query in terminal.domain.asked if path == "authorize"]
    assert [query["identity_provider"] for query in tries] == ["Google", "Google"]
    assert tries[0]["state"] != tries[1]["state"]
    assert "You are signed in." in terminal.last_page()
    terminal.domain.answers = [linked, linked]
    twice = terminal.login("--provider", "Google")
    assert (twice.exit_code, twice.stdout) == (1, "")
    assert twice.stderr.endswith(
        "error: Already found an entry for username Google_7\nhint: sign in once more, with the same provider\n"
    )


def test_an_error_of_the_domain_is_told_in_the_terminal_only(terminal: Terminal) -> None:
    terminal.domain.answers = [{"error": "access_denied", "error_description": "not today"}]
    login = terminal.login()
    assert (login.exit_code, login.stdout) == (1, "")
    assert login.stderr.endswith("error: not today\n")
    assert "The sign-in failed." in terminal.last_page()
    assert "not today" not in terminal.last_page()


def test_an_errors_text_cannot_command_the_terminal(terminal: Terminal) -> None:
    """Attack: an error that a provider or trigger worded, full of escape sequences."""
    evil = "\x1b]0;owned\x07\x9b2J\u202egnp\r\nerror: fine"
    terminal.domain.answers = [{"error": f"in{evil}", "error_description": evil}]
    login = terminal.login()
    assert login.exit_code == 1
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(login.output)
    assert "\nerror: fine" not in login.stderr


def test_a_users_name_cannot_command_the_terminal(terminal: Terminal) -> None:
    """Attack: a user whose name at a provider holds escape sequences."""
    terminal.domain.claims = {"email": "\x1b]0;owned\x07", "cognito:username": "\x9b2J"}
    for ran in (terminal.login(), terminal("whoami"), terminal("whoami", "--json")):
        assert ran.exit_code == 0
        assert not {"\x1b", "\x07", "\x9b"} & set(ran.stdout)


def test_tokens_that_cannot_be_kept_are_revoked(terminal: Terminal, tmp_path: Path) -> None:
    """Attack: another user of the machine made the folder, open to all."""
    (tmp_path / "state/gatehouse").mkdir(parents=True)
    (tmp_path / "state/gatehouse").chmod(0o777)
    login = terminal.login()
    assert (login.exit_code, login.stdout) == (1, "")
    assert "is open to other users\nhint: chmod go= " in login.stderr
    assert not terminal.domain.refresh_tokens
    assert list((tmp_path / "state/gatehouse").iterdir()) == []


def test_a_port_that_is_taken_is_named(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", terminal.port)):
        login = terminal.login()
    assert login.exit_code == 1
    assert f"error: port {terminal.port} cannot be used: " in login.stderr
    assert "\nhint: --port names another one, which the app client has to allow\n" in login.stderr


def test_logout_forgets_even_what_it_cannot_revoke(terminal: Terminal) -> None:
    assert terminal.login().exit_code == 0
    terminal.domain.refusals["revoke"] = (500, b"")
    logout = terminal("logout")
    assert (logout.exit_code, logout.stdout) == (1, "")
    assert "hint: the tokens are forgotten here; whoever has a copy" in logout.stderr
    assert "nobody is signed in" in terminal("whoami").stderr


def test_logout_ends_the_browsers_session(terminal: Terminal) -> None:
    assert terminal.login().exit_code == 0
    terminal.last_page()
    terminal.seen.clear()
    logout = terminal("logout", "--browser", "--port", str(terminal.port))
    assert (logout.exit_code, logout.stdout) == (0, "signed out\n"), logout.output
    assert "You are signed out." in terminal.last_page()


def test_a_person_who_does_not_come_back_ends_the_wait(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: True)
    monkeypatch.setattr(browser, "SECONDS", 0.01)
    began = time.monotonic()
    login = terminal.login()
    assert login.exit_code == 1
    assert "error: the browser did not come back within " in login.stderr
    assert time.monotonic() - began < 20
