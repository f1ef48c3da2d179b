"""The global options, and the decorators that give a command what it needs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auth.errors import AuthError, SettingsInvalid
from auth.settings import OUTPUTS_FILE, Settings

if TYPE_CHECKING:
    from auth.admin import AdminClient

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Connection:
    """Which pool, where, and as whom."""

    user_pool_id: str | None = None
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    outputs: Path = OUTPUTS_FILE

    def settings(self) -> Settings:
        """A named pool with the environment, or else the outputs file; each option beats both.

        Never both at once: an outputs file of the local cloud must not send calls for a pool on AWS to this machine.
        """
        if self.user_pool_id:
            found = Settings.from_env(os.environ | {"GATEHOUSE_USER_POOL_ID": self.user_pool_id})
        elif self.outputs.exists():
            found = Settings.from_outputs(self.outputs)
        else:
            hint = "give --user-pool-id, set GATEHOUSE_USER_POOL_ID, or start the local cloud by `make up`"
            raise SettingsInvalid(f"no user pool is named, and there is no {self.outputs}", hint=hint)
        given = {"region": self.region, "profile": self.profile, "endpoint_url": self.endpoint_url}
        return replace(found, **{name: value for name, value in given.items() if value})


def pass_admin(command: Command) -> Command:
    """Give the command an `AdminClient` first. boto3 is loaded only now, so that `--help` is quick."""

    @click.pass_obj
    @wraps(command)
    def call(connection: Connection, *args: Any, **kwargs: Any) -> Any:
        from auth.admin import AdminClient

        admin: AdminClient = AdminClient(connection.settings())
        return command(admin, *args, **kwargs)

    return call


def confirm(question: str) -> Callable[[Command], Command]:
    """Ask before the command runs, unless `--yes`. `question` may name the command's arguments: `{username}`."""

    def decorate(command: Command) -> Command:
        @click.option("--yes", is_flag=True, help="Do not ask.")
        @wraps(command)
        def call(*args: Any, yes: bool, **kwargs: Any) -> Any:
            if not yes and not _agrees(question.format(**kwargs)):
                raise AuthError("not confirmed; nothing was changed", hint="--yes does not ask")
            return command(*args, **kwargs)

        return call

    return decorate


def _agrees(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:  # no terminal, or Ctrl-C
        click.echo(err=True)
        return False
