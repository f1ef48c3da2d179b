"""`gatehouse demo`: the main story, told while it happens, and a table of who may do what and why."""

from __future__ import annotations

import sys

import click

from auth import AuthError
from localcloud.cli.demo.cloud import running_cloud
from localcloud.cli.demo.matrix import Row, try_all
from localcloud.cli.demo.story import StoryError, tell
from localcloud.process import CloudError


@click.command()
@click.option(
    "--outputs", default=".gatehouse/outputs.json", show_default=True, help="Outputs of a running local cloud."
)
def demo(outputs: str) -> None:
    """Tell the main story against a running local cloud, or one of its own."""
    try:
        with running_cloud(outputs) as stage:
            people = tell(stage, click.echo)
            rows = try_all(stage, people)
    except (CloudError, StoryError, AuthError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    _print(rows)
    wrong = [row for row in rows if not row.as_expected]
    if wrong:
        click.echo(f"error: {len(wrong)} of {len(rows)} lines are not as they should be", err=True)
        sys.exit(1)
    click.echo(f"\nall {len(rows)} lines are as they should be")


def _print(rows: list[Row]) -> None:
    widths = [max(len(row.who) for row in rows), max(len(row.what) for row in rows)]
    click.echo(f"\n{'who':{widths[0]}}  {'what':{widths[1]}}  {'':7}  why")
    for row in rows:
        verdict = click.style("allowed", fg="green") if row.allowed else click.style("denied ", fg="red")
        mark = "" if row.as_expected else "   <-- NOT AS EXPECTED"
        click.echo(f"{row.who:{widths[0]}}  {row.what:{widths[1]}}  {verdict}  {row.why}{mark}")
