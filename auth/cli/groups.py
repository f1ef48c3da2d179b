"""`gatehouse groups`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auth.cli.connection import confirm, pass_admin

if TYPE_CHECKING:
    from auth.admin import AdminClient


@click.group()
def groups() -> None:
    """Change who is in which group."""


@groups.command()
@click.argument("username")
@click.argument("group")
@pass_admin
def add(admin: AdminClient, username: str, group: str) -> None:
    """Put a user into a group."""
    admin.add_to_group(username, group)
    click.echo(f"added {username} to {group}")


@groups.command()
@click.argument("username")
@click.argument("group")
@confirm("Take {username} out of {group}?")
@pass_admin
def remove(admin: AdminClient, username: str, group: str) -> None:
    """Take a user out of a group."""
    admin.remove_from_group(username, group)
    click.echo(f"removed {username} from {group}")
