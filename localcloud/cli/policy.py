"""`gatehouse policy`: what a team can know of its access rules before they go live."""

from __future__ import annotations

from importlib import import_module

import click

from auth.errors import AuthError

# Loaded when asked for: each of them reads more than `gatehouse --help` has time for.
_COMMANDS = {"lint": "localcloud.cli.lint", "prove": "localcloud.cli.prove"}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        try:
            command: click.Command = getattr(import_module(_COMMANDS[cmd_name]), cmd_name)
        except ImportError as error:
            raise AuthError(f"`policy {cmd_name}` needs {error.name}", hint="pip install 'gatehouse[local]'") from None
        return command


@click.group(cls=_Lazy)
def policy() -> None:
    """Find traps in access rules, and prove what they let through."""
