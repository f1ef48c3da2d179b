"""`gatehouse identities`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auth.cli.connection import Connection, confirm
from auth.cli.output import json_option, print_rows

if TYPE_CHECKING:
    from auth.identities import IdentityMap, KnownIdentity
    from auth.moving import Step

REPORT_EVERY = 100


@click.group()
def identities() -> None:
    """Find out who is which identity, and move what one has to another."""


@identities.command()
@click.argument("who")
@json_option
@click.pass_obj
def show(connection: Connection, who: str, as_json: bool) -> None:
    """Show the identities of a user, or the user of an identity, the current one first.

    WHO is an identity id, a sub, a username or an e-mail address.
    """
    print_rows(_identity_map(connection).find(who), as_json, _row)


@identities.command()
@click.argument("from_id", metavar="FROM")
@click.argument("to_id", metavar="TO")
@confirm("Move all files and items of {from_id} to {to_id}?")
@click.pass_obj
def move(connection: Connection, from_id: str, to_id: str) -> None:
    """Move all files and items of one identity to another. Stopped anywhere, it goes on when it is run again.

    A name that TO already has goes below `from/FROM/`.
    """
    moved = _identity_map(connection).move(from_id, to_id, Counter())
    beside = f", {len(moved.beside)} of them below from/{from_id}/" if moved.beside else ""
    click.echo(f"moved {moved.files} files and {moved.items} items to {to_id}{beside}")


class Counter:
    """Says on standard error how far the move has come, a line for each hundred."""

    def __init__(self) -> None:
        self._moved = 0

    def __call__(self, step: Step) -> None:
        """Count one step of the move."""
        if step.done == "deleted":
            self._moved += 1
            if self._moved % REPORT_EVERY == 0:
                click.echo(f"{self._moved} moved", err=True)


def _identity_map(connection: Connection) -> IdentityMap:
    from auth.identities import IdentityMap  # here: it loads boto3, and `--help` is quick without

    return IdentityMap(connection.settings())


def _row(known: KnownIdentity) -> dict[str, object]:
    return {
        "identity": known.identity_id,
        "sub": known.sub,
        "username": known.username,
        "email": known.email,
        "first seen": known.first_seen,
        "last seen": known.last_seen,
    }
