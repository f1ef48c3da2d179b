"""`gatehouse policy prove`: deploy the template to a throw-away local cloud, and try everything as everyone."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auth import Ask, AuthClient, Settings
from auth.cli.output import printable
from auth.errors import AuthError
from auth.totp import totp

if TYPE_CHECKING:
    from localcloud.process import RunningCloud

_FILE = click.Path(dir_okay=False, path_type=Path)
_SECONDS_BETWEEN_LINES = 5.0


@click.command()
@click.option("--template", type=_FILE, default="cloudformation/backend.yaml", show_default=True, help="What to prove.")
@click.option(
    "--parameters",
    type=_FILE,
    default="cloudformation/parameters/local.json",
    show_default=True,
    help="Its parameters.",
)
@click.option("--expect", type=_FILE, help="Expectations; else expectations.json beside the template.")
@click.option("--update", is_flag=True, help="Write what was seen into the expectations, and show what changed.")
@click.option("--json", "json_file", type=_FILE, help="Write every cell to this file.")
@click.option("--html", "html_file", type=_FILE, help="Write a page for reviewers to this file.")
@click.option(
    "--only", multiple=True, help="Try only cells that match this glob, as 'guest/dynamodb:*'; can come more than once."
)
def prove(
    template: Path,
    parameters: Path,
    expect: Path | None,
    update: bool,
    json_file: Path | None,
    html_file: Path | None,
    only: tuple[str, ...],
) -> None:
    """Try every S3 and DynamoDB operation as everyone, everywhere, and compare with what is expected.

    Deploys the template to a local cloud of its own, with real users, guests and merged identities. Exits with 1 where
    anything is not as expected: the cells are named, with the statements that decided them.
    """
    # Here, because it reads botocore's models: `gatehouse --help` need not wait for that.
    from localcloud.policy.prove.command import Options, run
    from localcloud.policy.prove.layout import ExpectationsError
    from localcloud.process import CloudError

    if update and only:
        raise click.UsageError("--update needs everything to be tried: leave out --only")
    expect = expect or template.parent / "expectations.json"
    options = Options(template, parameters, expect, update, json_file, html_file, only)
    try:
        code = run(options, _sign_in, _say, _Progress())
    except ExpectationsError as error:
        raise click.UsageError(str(error)) from error
    except (CloudError, AuthError, OSError) as error:
        raise click.ClickException(str(error)) from error
    sys.exit(code)


def _say(line: str) -> None:
    click.echo(printable(line))


def _sign_in(cloud: RunningCloud, user_pool: str, app_client: str, name: str, password: str) -> str:
    """A user's ID token: by SRP as in an app, with a second factor where the pool demands one."""
    settings = Settings(cloud.region, user_pool, app_client, endpoint_url=cloud.endpoint)

    def answer(ask: Ask) -> str:
        if ask.kind != "totp_setup":
            raise AuthError(f"the sign-in asks for {ask.kind}, which nobody here can answer")
        return totp(str(ask.details["secret"]), cloud.now())

    return AuthClient(settings, now=cloud.now).sign_in(name, password, answer).tokens.id_token


class _Progress:
    """What is being done: on one line that changes on a terminal, and as a line now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._what = ""
        self._next = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what == self._what and done < total and now < self._next:
            return
        self._what = what
        self._next = now + (0.1 if self._terminal else _SECONDS_BETWEEN_LINES)
        text = f"{done} of {total} {what}" if total else what
        if self._terminal:
            click.echo(f"\r{text:30}" + ("\n" if total and done == total else ""), err=True, nl=False)
        else:
            click.echo(text, err=True)
