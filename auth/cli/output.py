"""What the command line prints: tables and records for people, JSON for programs, errors in one form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

import click

T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_rows(items: Iterable[T], as_json: bool, row: Callable[[T], Mapping[str, object]]) -> None:
    """A table with one line for each item, of what `row` picks; as JSON, a list of the whole items."""
    if as_json:
        print_json([asdict(item) for item in items])  # type: ignore[call-overload]
        return
    lines = [{name: _text(value) for name, value in row(item).items()} for item in items]
    if not lines:
        click.echo("none", err=True)
        return
    widths = {name: max(len(name), *(len(line[name]) for line in lines)) for name in lines[0]}
    for line in ({name: name.upper() for name in widths}, *lines):
        click.echo("  ".join(line[name].ljust(width) for name, width in widths.items()).rstrip())


def print_record(item: Any, as_json: bool) -> None:
    """One item, a line for each field; as JSON, an object."""
    if as_json:
        print_json(asdict(item))
        return
    for name, value in asdict(item).items():
        if isinstance(value, Mapping):
            for key, inner in value.items():
                click.echo(f"{_text(key)}: {_text(inner)}")
        else:
            click.echo(f"{name}: {_text(value)}")


def print_error(message: str, hint: str | None = None) -> None:
    """`error: …`, and `hint: …` if there is one, on standard error."""
    click.echo(f"error: {_text(message)}", err=True)
    if hint:
        click.echo(f"hint: {_text(hint)}", err=True)


def printable(text: str) -> str:
    """A text without what a terminal would obey.

    Attack: a user who signs up, or a template from elsewhere, under a name that holds terminal commands.
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_text, value)) or "-"
    return printable(" ".join(str(value).split()))


def print_json(value: object) -> None:
    """Any value of JSON, and datetimes; what a terminal would obey comes as `\\u…`."""
    click.echo(json.dumps(value, indent=2, default=datetime.isoformat))
