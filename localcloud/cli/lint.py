"""`gatehouse policy lint`: the traps of IAM and Cognito, in templates and in live stacks."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from auth.cli.connection import Connection
from auth.cli.output import json_option, printable
from auth.errors import SettingsInvalid, aws_errors
from auth.settings import Settings
from localcloud.policy.lint import Finding, Stack, TemplateError, check, parameters, read_template

TEMPLATE = Path("cloudformation/backend.yaml")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("templates", metavar="[TEMPLATE]...", nargs=-1, type=_FILE)
@click.option("--parameters", "values", type=_FILE, help="Values for the template's parameters; else their defaults.")
@click.option("--stack", "stacks", multiple=True, metavar="NAME", help="Read this live stack instead of a template.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave a rule out. Can be given several times.")
@click.option("--strict", is_flag=True, help="Fail for warnings too, and say what cannot be told from here.")
@click.option("--explain", metavar="RULE", help="Say what a rule is about, and stop.")
@click.option("--list-rules", is_flag=True, help="List the rules, and stop.")
@json_option
@click.pass_context
def lint(
    ctx: click.Context,
    templates: tuple[Path, ...],
    values: Path | None,
    stacks: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    explain: str | None,
    list_rules: bool,
    as_json: bool,
) -> None:
    """Find the traps of IAM and Cognito in templates (by default our own), or in live stacks.

    Exits with 1 where an error was found, with `--strict` where anything was, and with 2 for what is no template.
    """
    from localcloud.policy.lint import catalogue  # loads every rule

    _require_rules([*ignore, *([explain] if explain else [])])
    if explain or list_rules:
        click.echo(catalogue.text([explain] if explain else None, as_json=as_json), nl=False)
        return
    if stacks and (templates or values):
        raise click.UsageError("give templates or --stack, not both: a live stack has its parameters")
    linted = _live(ctx.obj or Connection(), stacks) if stacks else _read(templates or (TEMPLATE,), values)
    found = [finding for _, stack in linted for finding in check(stack, strict=strict, ignore=ignore)]
    _print(found, as_json, ", ".join(name for name, _ in linted))
    if any(finding.level == "error" or (strict and finding.level == "warning") for finding in found):
        ctx.exit(1)


def _require_rules(names: Iterable[str]) -> None:
    from localcloud.policy.lint.catalogue import RULES

    for name in names:
        if name not in RULES:
            raise click.UsageError(f"there is no rule `{name}`; `gatehouse policy lint --list-rules` lists them")


def _read(paths: tuple[Path, ...], values: Path | None) -> list[tuple[str, Stack]]:
    try:
        given = parameters.read(values) if values else {}
        return [(str(path), read_template(path, given)) for path in paths]
    except TemplateError as error:
        raise click.UsageError(str(error)) from None


def _live(connection: Connection, names: tuple[str, ...]) -> list[tuple[str, Stack]]:
    from localcloud.policy.lint.live import read_stack

    settings = _settings(connection)
    session = settings.session()

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=settings.endpoint_url)  # type: ignore[call-overload]

    with aws_errors():
        return [(name, read_stack(client, name)) for name in names]


def _settings(connection: Connection) -> Settings:
    """The connection's, which needs no user pool here: a region is enough."""
    try:
        return connection.settings()
    except SettingsInvalid:
        given = {"AWS_REGION": connection.region, "AWS_ENDPOINT_URL": connection.endpoint_url}
        found = Settings.from_env(os.environ | {name: value for name, value in given.items() if value})
        return Settings(found.region, endpoint_url=found.endpoint_url, profile=connection.profile)


def _print(found: list[Finding], as_json: bool, where: str) -> None:
    if as_json:
        click.echo(json.dumps([_record(finding) for finding in found], indent=2))
        return
    for finding in found:
        click.echo(printable(f"{finding.place}: {finding.level}: {finding.rule} ({finding.owner})"))
        click.echo(printable(f"    {finding.danger}"))
        click.echo(printable(f"    mend: {finding.mend}"))
    counts = Counter(finding.level for finding in found)
    summary = ", ".join(
        f"{counts[level]} {level}{'s' * (counts[level] > 1)}" for level in ("error", "warning", "info") if counts[level]
    )
    click.echo(printable(f"{where}: {summary or 'nothing found'}"), err=bool(found))


def _record(finding: Finding) -> dict[str, object]:
    place = finding.place
    where = {"path": place.path} if place.path else {"line": place.line, "column": place.column}
    return {
        "rule": finding.rule,
        "level": finding.level,
        "resource": finding.owner,
        "source": place.source,
        **where,
        "danger": finding.danger,
        "mend": finding.mend,
    }
