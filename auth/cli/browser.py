"""The part of a sign-in that a browser has: it is sent to the pool's pages, and comes back to this machine."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable

import click

from auth.cli.loopback import Loopback
from auth.cli.output import printable
from auth.errors import AuthError, LoginJustLinked
from auth.hosted_ui import HostedUi
from auth.models import Tokens

CALLBACK, LANDING = "/callback", "/"
SECONDS = 300.0
"""How long a person has."""

Go = Callable[[str], None]


def sign_in(hosted_ui: HostedUi, provider: str, port: int, go: Go) -> Tokens:
    """The tokens of whoever signs in in the browser that `go` sends to an address. Raises AuthError."""
    with Loopback(port, CALLBACK) as loopback:
        return _attempt(hosted_ui, provider, loopback, go)


def sign_out(hosted_ui: HostedUi, port: int, go: Go) -> None:
    """End the session of the browser that `go` sends to an address. Raises AuthError."""
    with Loopback(port, LANDING) as loopback:
        loopback.expect("")
        go(hosted_ui.sign_out_url(loopback.address))
        loopback.receive(SECONDS).answer("You are signed out. You can close this page.")


def print_address(url: str) -> None:
    """Ask the person to open the address."""
    click.echo(f"open this address in a browser on this machine:\n{printable(url)}", err=True)


def open_browser(url: str) -> None:
    """Open the address in the person's browser, or say which it is."""
    click.echo(f"opening the browser; if none comes up, go to:\n{printable(url)}", err=True)
    # A browser in the terminal, or one that was not running yet, ends only when the person closes it.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _attempt(hosted_ui: HostedUi, provider: str, loopback: Loopback, go: Go, again: bool = True) -> Tokens:
    attempt = hosted_ui.begin(loopback.address, provider=provider)
    loopback.expect(attempt.state)
    go(attempt.url)
    visit = loopback.receive(SECONDS)
    try:
        tokens = hosted_ui.finish(attempt, visit.url)
    except AuthError as error:
        # AWS refuses the attempt in which a trigger links the login to a user. The same browser makes another one.
        if again and isinstance(error, LoginJustLinked):
            return _attempt(hosted_ui, provider, loopback, visit.send_on, again=False)
        visit.answer("The sign-in failed. The terminal says why.", 400)
        raise
    visit.answer("You are signed in. You can close this page.")
    return tokens
