"""`gatehouse login` as the program that a person runs, in front of the pool's own pages: up to a file of one's own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from auth import Identity, Settings, kept_tokens
from auth.errors import NotAuthorized
from auth.hosted_ui import HostedUi
from tests.browserless import Browser, Page
from tests.journeys.people import PASSWORD, Person, root_client
from tests.local_cloud import LocalCloud, wait_until

PROGRAM = Path(sys.executable).with_name("gatehouse")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """One whose clock is the program's: nobody moves it. It brings its own Google."""
    running = LocalCloud(tmp_path_factory.mktemp("login"), ("--stand-ins",)).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def port(cloud: LocalCloud) -> int:
    """A free port, to which the app's client lets the browser come back."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    root = root_client(cloud, "cognito-idp")
    names = {"UserPoolId": cloud.outputs["UserPoolId"], "ClientId": cloud.outputs["AppClientId"]}
    client = dict(root.describe_user_pool_client(**names)["UserPoolClient"])
    changes = {"CallbackURLs": [f"http://localhost:{port}/callback"], "LogoutURLs": [f"http://localhost:{port}/"]}
    for name in ("CreationDate", "LastModifiedDate"):
        client.pop(name)
    root.update_user_pool_client(**{**client, **changes})
    return port


@dataclass
class Terminal:
    """The program in a process of its own, and a browser without a screen, which $BROWSER hands the addresses to."""

    cloud: LocalCloud
    home: Path
    port: int
    browser: Browser
    programs: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *args: str) -> subprocess.Popen[str]:
        opener, address = self.home / "opener", self.home / "address"
        opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {address}.new && mv {address}.new {address}\n')
        opener.chmod(0o700)
        address.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GATEHOUSE_"))}
        own = {
            "BROWSER": f"{opener} %s",
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        command = [str(PROGRAM), "--outputs", str(self.cloud.data_dir / "outputs.json"), *args]
        pipe = subprocess.PIPE
        program = subprocess.Popen(command, env=kept | own, cwd=self.home, stdout=pipe, stderr=pipe, text=True)
        self.programs.append(program)
        return program

    def run(self, *args: str) -> str:
        """What the program printed, once it has done its work."""
        return self.end(self.start(*args))

    def end(self, program: subprocess.Popen[str]) -> str:
        out, err = program.communicate(timeout=30)
        assert program.returncode == 0, err
        return out

    def close(self) -> None:
        """End what still waits for a browser."""
        for program in self.programs:
            if program.poll() is None:
                program.kill()
                program.communicate()

    def opened(self) -> Page:
        """The page that the program opened the browser for."""
        address = self.home / "address"
        wait_until(address.exists, 30)
        return self.browser.open(address.read_text())

    def whoami(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("whoami", "--json"))
        return found


@pytest.fixture
def terminal(cloud: LocalCloud, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    here = (cloud.endpoint, f"http://localhost:{port}/")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    terminal = Terminal(cloud, tmp_path, port, Browser(stays_at=lambda url: url.startswith(here)))
    yield terminal
    terminal.close()


def test_login_to_a_file_of_ones_own_to_logout(terminal: Terminal, cloud: LocalCloud, email: str) -> None:
    Person.new(cloud, email)
    login = terminal.start("login", "--port", str(terminal.port))
    terminal.opened()
    page = terminal.browser.submit("sign-in", username=email, password=PASSWORD)
    assert (page.status, "You are signed in." in page.html) == (200, True)
    assert terminal.end(login).startswith(f"signed in as {email} (")
    assert terminal.whoami()["email"] == email

    settings = Settings.from_outputs(cloud.data_dir / "outputs.json")
    tokens = kept_tokens.load(settings)
    identity = Identity(settings, tokens)
    name = {"Bucket": settings.need("user_data_bucket"), "Key": f"private/{identity.identity_id}/note.txt"}
    identity.client("s3").put_object(**name, Body=b"mine")
    assert identity.client("s3").get_object(**name)["Body"].read() == b"mine"
    assert HostedUi(settings).user_info(tokens.current())["email"] == email
    fresh = HostedUi(settings).refresh(tokens.current())
    assert fresh.access_token != tokens.current().access_token

    logout = terminal.start("logout", "--browser", "--port", str(terminal.port))
    assert "You are signed out." in terminal.opened().html
    assert terminal.end(logout) == "signed out\n"
    with pytest.raises(NotAuthorized):
        HostedUi(settings).refresh(fresh)
    terminal.start("login", "--port", str(terminal.port))
    assert "sign-in" in terminal.opened().forms, "the browser's session has ended, too"


def test_login_with_google_is_the_same_user(terminal: Terminal, cloud: LocalCloud, email: str) -> None:
    """The stack's trigger links the two at the first attempt."""
    own = Person.new(cloud, email).sign_in()
    login = terminal.start("login", "--provider", "Google", "--port", str(terminal.port))
    assert "(stand-in)" in terminal.opened().html
    page = terminal.browser.submit("somebody-else", email=email, name="Ann")
    assert (page.status, "You are signed in." in page.html) == (200, True)
    assert f"signed in as {email} (" in terminal.end(login)
    claims = terminal.whoami()
    assert [identity["providerName"] for identity in claims["identities"]] == ["Google"]
    assert claims["sub"] == _sub(cloud, own.tokens.access_token)


def _sub(cloud: LocalCloud, access_token: str) -> str:
    found = root_client(cloud, "cognito-idp").get_user(AccessToken=access_token)
    return str(next(pair["Value"] for pair in found["UserAttributes"] if pair["Name"] == "sub"))
