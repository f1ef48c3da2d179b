"""`gatehouse users`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auth.cli.connection import confirm, pass_admin
from auth.cli.output import json_option, print_record, print_rows

if TYPE_CHECKING:
    from auth.admin import AdminClient
    from auth.cut_off import CutOff
    from auth.models import User


@click.group()
def users() -> None:
    """List and change users. USERNAME is a username, a sub or an e-mail address."""


@users.command("list")
@click.option("--filter", "expression", help="""Cognito's filter, as 'email ^= "ada"' or 'status = "Disabled"'.""")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@json_option
@pass_admin
def list_users(admin: AdminClient, expression: str | None, limit: int | None, as_json: bool) -> None:
    """List users."""
    print_rows(admin.list_users(expression, limit), as_json, _row)


@users.command()
@click.argument("username")
@json_option
@pass_admin
def show(admin: AdminClient, username: str, as_json: bool) -> None:
    """Show one user with groups and MFA methods."""
    print_record(admin.get_user(username), as_json)


@users.command()
@click.argument("username")
@confirm("Disable {username}?")
@pass_admin
def disable(admin: AdminClient, username: str) -> None:
    """Refuse the user's sign-ins and refreshes."""
    admin.disable_user(username)
    click.echo(f"disabled {username}")


@users.command()
@click.argument("username")
@pass_admin
def enable(admin: AdminClient, username: str) -> None:
    """Let a disabled user sign in again."""
    admin.enable_user(username)
    click.echo(f"enabled {username}")


@users.command("cut-off")
@click.argument("username")
@json_option
@confirm("End every sign-in of {username}, and make its AWS keys useless?")
@pass_admin
def cut_off(admin: AdminClient, username: str, as_json: bool) -> None:
    """End every sign-in, and make the AWS keys useless that the user has."""
    print_rows(admin.cut_off(username), as_json, _denial)


@users.command("reset-password")
@click.argument("username")
@confirm("Void the password of {username} and send a code for a new one?")
@pass_admin
def reset_password(admin: AdminClient, username: str) -> None:
    """Void the password and send the user a code for a new one."""
    admin.reset_password(username)
    click.echo(f"reset the password of {username}")


@users.command("reset-mfa")
@click.argument("username")
@confirm("Turn off every second factor of {username}, forget its devices and end its sessions?")
@pass_admin
def reset_mfa(admin: AdminClient, username: str) -> None:
    """Turn off every second factor of a user who lost it, forget the devices, end the sessions."""
    admin.reset_mfa(username)
    click.echo(f"reset MFA of {username}")


def _row(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "email": user.attributes.get("email"),
        "status": user.status,
        "enabled": user.enabled,
        "created": user.created,
    }


def _denial(denied: CutOff) -> dict[str, object]:
    whose = "everybody's (too many were cut off)" if denied.everybody else "the user's"
    return {"role": denied.role, "denies": whose, "issued until": denied.since}
