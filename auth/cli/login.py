"""`gatehouse login`, `gatehouse whoami` and `gatehouse logout`: a user of the pool, as an app signs one in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from auth.cli.connection import Connection
from auth.cli.output import json_option, print_json, printable
from auth.errors import AuthError

if TYPE_CHECKING:
    from auth.models import Tokens

PORT = 3000
port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    show_default=True,
    help="Where the browser comes back to, on localhost; the app client has to allow the address.",
)


@click.command()
@click.option("--provider", default="", help="Go straight to this one, as Google; COGNITO is the pool's own form.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open, in a browser on this machine.")
@port_option
@json_option
@click.pass_obj
def login(connection: Connection, provider: str, no_browser: bool, port: int, as_json: bool) -> None:
    """Sign in in the browser, and keep the tokens for other commands.

    They are kept in the system's keyring, or in a file that only you can read. --json prints claims, never tokens.
    """
    from auth import kept_tokens  # here: `--help` is quick without
    from auth.cli import browser
    from auth.hosted_ui import HostedUi

    settings = connection.settings()
    hosted_ui = HostedUi(settings)
    go = browser.print_address if no_browser else browser.open_browser
    tokens = browser.sign_in(hosted_ui, provider, port, go)
    try:
        place = kept_tokens.save(settings, tokens)
    except AuthError:
        with suppress(AuthError):
            hosted_ui.revoke(tokens)  # nobody has them
        raise
    _print_user(hosted_ui.claims(tokens), tokens, as_json)
    click.echo(f"the tokens are kept in {printable(place)}", err=True)


@click.command()
@json_option
@click.pass_obj
def whoami(connection: Connection, as_json: bool) -> None:
    """Show who is signed in by `gatehouse login`. --json prints claims."""
    from auth import kept_tokens
    from auth.hosted_ui import HostedUi

    settings = connection.settings()
    tokens = kept_tokens.load(settings).current()
    _print_user(HostedUi(settings).claims(tokens), tokens, as_json)


@click.command()
@click.option("--browser", "of_browser", is_flag=True, help="End the browser's session, too.")
@port_option
@click.pass_obj
def logout(connection: Connection, of_browser: bool, port: int) -> None:
    """Forget the tokens of `gatehouse login`, and make the refresh token useless."""
    from auth import kept_tokens
    from auth.cli import browser
    from auth.hosted_ui import HostedUi

    settings = connection.settings()
    hosted_ui = HostedUi(settings)
    if tokens := kept_tokens.forget(settings):
        try:
            hosted_ui.revoke(tokens)
        except AuthError as error:
            error.hint = "the tokens are forgotten here; whoever has a copy can use it until it expires"
            raise
    if of_browser:
        browser.sign_out(hosted_ui, port, browser.open_browser)
    click.echo("signed out" if tokens or of_browser else "nobody was signed in")


def _print_user(claims: Mapping[str, Any], tokens: Tokens, as_json: bool) -> None:
    if as_json:
        return print_json(claims)
    username, until = claims["cognito:username"], datetime.fromtimestamp(tokens.expires_at, UTC)
    who = f"{claims['email']} ({username})" if "email" in claims else username
    return click.echo(f"signed in as {printable(str(who))} until {until.isoformat(timespec='seconds')}")
