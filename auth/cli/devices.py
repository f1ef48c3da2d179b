"""`gatehouse devices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auth.cli.connection import confirm, pass_admin
from auth.cli.output import json_option, print_rows

if TYPE_CHECKING:
    from auth.admin import AdminClient
    from auth.models import TrackedDevice


@click.group()
def devices() -> None:
    """List and forget the devices of a user."""


@devices.command("list")
@click.argument("username")
@json_option
@pass_admin
def list_devices(admin: AdminClient, username: str, as_json: bool) -> None:
    """List the devices that the pool tracks for a user."""
    print_rows(admin.list_devices(username), as_json, _row)


@devices.command()
@click.argument("username")
@click.argument("device_key")
@confirm("Forget device {device_key} of {username}?")
@pass_admin
def forget(admin: AdminClient, username: str, device_key: str) -> None:
    """Forget a device: it needs the second factor again, and its refresh tokens end."""
    admin.forget_device(username, device_key)
    click.echo(f"forgot {device_key}")


def _row(device: TrackedDevice) -> dict[str, object]:
    return {
        "key": device.key,
        "name": device.name,
        "remembered": device.remembered,
        "last used": device.last_used,
        "last ip": device.last_ip,
    }
