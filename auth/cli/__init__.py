"""The `gatehouse` command: one file for each noun, no logic of its own; the work is done by `auth.admin`.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage. Data goes to standard output (`--json` for programs); questions
and errors go to standard error, an error as `error: …` and, where something can be done, `hint: …`.

Other packages add commands through the entry-point group `gatehouse.commands`: a name, and the click command to run.
They find the global options in `ctx.obj`, a `Connection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NoReturn

import click

from auth.cli.connection import Connection
from auth.cli.devices import devices
from auth.cli.groups import groups
from auth.cli.identities import identities
from auth.cli.login import login, logout, whoami
from auth.cli.output import print_error
from auth.cli.users import users
from auth.errors import AuthError
from auth.settings import OUTPUTS_FILE

PLUGINS = "gatehouse.commands"


class Gatehouse(click.Group):
    """A group that adds the commands of other packages and renders every error in one way."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Our own nouns and those of other packages."""
        return sorted({*super().list_commands(ctx), *(plugin.name for plugin in entry_points(group=PLUGINS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Our own command of that name, or another package's."""
        if command := super().get_command(ctx, cmd_name):
            return command
        for plugin in entry_points(group=PLUGINS, name=cmd_name):
            return _load(plugin)
        return None

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run, and leave with the exit code."""
        extra |= {"prog_name": "gatehouse", "standalone_mode": False}
        try:
            result = super().main(args, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            raise SystemExit(2) from None
        except click.UsageError as error:
            hint = f"see `{error.ctx.command_path} --help`" if error.ctx else None
            print_error(error.format_message(), hint)
            raise SystemExit(2) from None
        except click.ClickException as error:
            print_error(error.format_message())
            raise SystemExit(1) from None
        except click.Abort:
            print_error("stopped")
            raise SystemExit(1) from None
        except AuthError as error:
            print_error(str(error), error.hint)
            raise SystemExit(1) from None
        raise SystemExit(result if isinstance(result, int) else 0)


def _load(plugin: EntryPoint) -> click.Command:
    """The command of another package, or one that says what is not installed: the rest must work without it."""
    try:
        command: click.Command = plugin.load()
    except ImportError as error:
        missing = error.name

        def refuse() -> None:
            raise AuthError(f"`{plugin.name}` needs {missing}", hint="pip install 'gatehouse[local]'")

        return click.Command(plugin.name, callback=refuse, short_help=f"(not available: {missing} is not installed)")
    return command


@click.group(cls=Gatehouse, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--user-pool-id", envvar="GATEHOUSE_USER_POOL_ID", help="The user pool; else the one in the outputs file."
)
@click.option("--region", help="AWS region; else the pool's own.")
@click.option("--profile", help="AWS profile; else AWS_PROFILE and the other AWS_* variables.")
@click.option("--endpoint-url", help="Send calls there instead of to AWS, as http://127.0.0.1:4566.")
@click.option(
    "--outputs",
    type=click.Path(dir_okay=False, path_type=Path),
    default=OUTPUTS_FILE,
    show_default=True,
    help="Outputs of the stack, as `make up` writes them.",
)
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """Administer the users of a Gatehouse backend, on AWS or on the local cloud, and sign in as one of them."""
    ctx.obj = Connection(**options)


for command in (users, devices, groups, identities, login, logout, whoami):
    main.add_command(command)
