"""The `gatehouse` command against moto: what it prints, what it asks, how it fails, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import boto3
import click
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

import auth.cli
from auth.admin import AdminClient
from auth.cli import main
from auth.cli.connection import Connection
from auth.errors import SettingsInvalid
from auth.models import TrackedDevice


@dataclass
class Cli:
    pool_id: str
    bare: Any

    def __call__(self, *args: str, input: str | None = None) -> Result:
        return CliRunner().invoke(main, ["--user-pool-id", self.pool_id, *args], input=input)

    def user(self) -> dict[str, Any]:
        return dict(self.bare.admin_get_user(UserPoolId=self.pool_id, Username="ada"))


@pytest.fixture
def cli() -> Iterator[Cli]:
    with mock_aws():
        bare = boto3.client("cognito-idp", region_name="eu-west-1")
        pool_id = bare.create_user_pool(PoolName="pool")["UserPool"]["Id"]
        bare.create_group(UserPoolId=pool_id, GroupName="editors")
        email: list[Any] = [{"Name": "email", "Value": "ada@example.com"}, {"Name": "email_verified", "Value": "true"}]
        bare.admin_create_user(UserPoolId=pool_id, Username="ada", UserAttributes=email)
        bare.admin_set_user_password(UserPoolId=pool_id, Username="ada", Password="Correct-Horse-7", Permanent=True)
        yield Cli(pool_id, bare)


def test_users_as_a_table_and_as_json(cli: Cli) -> None:
    table = cli("users", "list")
    assert table.exit_code == 0
    head, line = table.stdout.splitlines()
    assert head.split() == ["USERNAME", "EMAIL", "STATUS", "ENABLED", "CREATED"]
    assert line.split()[:4] == ["ada", "ada@example.com", "CONFIRMED", "yes"]
    (user,) = json.loads(cli("users", "list", "--json").stdout)
    assert user["username"] == "ada"
    assert user["attributes"]["email"] == "ada@example.com"
    assert datetime.fromisoformat(user["created"]).tzinfo is not None


def test_no_users_are_an_empty_list(cli: Cli) -> None:
    assert json.loads(cli("users", "list", "--json", "--filter", 'email ^= "bob"').stdout) == []
    empty = cli("users", "list", "--filter", 'email ^= "bob"')
    assert (empty.stdout, empty.stderr) == ("", "none\n")


def test_one_user(cli: Cli) -> None:
    assert cli("groups", "add", "ada", "editors").stdout == "added ada to editors\n"
    shown = cli("users", "show", "ada").stdout
    assert "email: ada@example.com\n" in shown
    assert "groups: editors\n" in shown
    as_json = json.loads(cli("users", "show", "ada", "--json").stdout)
    assert (as_json["groups"], as_json["mfa"], as_json["preferred_mfa"]) == (["editors"], [], None)
    assert cli("groups", "remove", "ada", "editors", "--yes").exit_code == 0
    assert json.loads(cli("users", "show", "ada", "--json").stdout)["groups"] == []


def test_a_dangerous_command_asks_first(cli: Cli) -> None:
    refused = cli("users", "disable", "ada", input="n\n")
    assert refused.exit_code == 1
    assert "Disable ada? [y/N]" in refused.stderr
    assert "error: not confirmed; nothing was changed\nhint: --yes" in refused.stderr
    assert cli.user()["Enabled"] is True
    assert cli("users", "disable", "ada", input="y\n").stdout == "disabled ada\n"
    assert cli.user()["Enabled"] is False
    assert cli("users", "enable", "ada").exit_code == 0
    assert cli.user()["Enabled"] is True


def test_no_terminal_and_no_yes_changes_nothing(cli: Cli) -> None:
    for args in (["users", "disable", "ada"], ["users", "reset-password", "ada"], ["users", "reset-mfa", "ada"]):
        assert cli(*args, input="").exit_code == 1
    assert (cli.user()["Enabled"], cli.user()["UserStatus"]) == (True, "CONFIRMED")


def test_a_password_is_reset(cli: Cli) -> None:
    assert cli("users", "reset-password", "ada", "--yes").exit_code == 0
    assert cli.user()["UserStatus"] == "RESET_REQUIRED"


def test_the_commands_that_moto_cannot_answer_reach_the_administrator(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    device = TrackedDevice("d1", "phone", True, None, datetime(2026, 1, 2, tzinfo=UTC), None)
    monkeypatch.setattr(AdminClient, "list_devices", lambda *_: iter([device]))
    monkeypatch.setattr(AdminClient, "forget_device", lambda _, *what: done.append(what))
    monkeypatch.setattr(AdminClient, "reset_mfa", lambda _, *what: done.append(what))
    assert cli("devices", "list", "ada").stdout.splitlines()[1].split() == ["d1", "phone", "yes", "-", "-"]
    assert json.loads(cli("devices", "list", "ada", "--json").stdout)[0]["created"] == "2026-01-02T00:00:00+00:00"
    assert cli("devices", "forget", "ada", "d1", "--yes").stdout == "forgot d1\n"
    assert cli("users", "reset-mfa", "ada", "--yes").stdout == "reset MFA of ada\n"
    assert done == [("ada", "d1"), ("ada",)]


def test_a_refusal_is_an_error_line_and_exit_code_1(cli: Cli) -> None:
    result = cli("users", "show", "nobody", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "error: User does not exist.\n"


@pytest.mark.parametrize(
    "args", [["users", "lost"], ["users", "show"], ["users", "list", "--limit", "0"], ["--lost"], ["lost"]]
)
def test_wrong_usage_is_exit_code_2_with_a_hint(args: list[str]) -> None:
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "\nhint: see `gatehouse" in result.stderr


def test_help_is_no_error() -> None:
    for args in (["--help"], ["users", "-h"], ["devices", "forget", "--help"]):
        assert CliRunner().invoke(main, args).exit_code == 0
    assert CliRunner().invoke(main, []).exit_code == 2


def test_missing_credentials_come_with_a_hint(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = cli("users", "list")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "error: Unable to locate credentials"
    assert result.stderr.splitlines()[1].startswith("hint: set AWS_PROFILE")


def test_a_users_name_cannot_command_the_terminal(cli: Cli) -> None:
    """Attack: a user signs up under a name full of escape sequences, for an administrator to print."""
    evil = "\x1b]0;owned\x07\x9b2J\u202egnp"
    pair = [{"Name": "email", "Value": evil}]
    cli.bare.admin_create_user(UserPoolId=cli.pool_id, Username="evil", UserAttributes=pair)
    for args in (["users", "list"], ["users", "show", "evil"], ["users", "list", "--json"]):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(cli(*args).stdout)


def test_without_a_pool_the_outputs_file_counts(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    connection = Connection(outputs=outputs, profile="p")
    with pytest.raises(SettingsInvalid, match="no user pool is named"):
        connection.settings()
    local = {"Region": "us-east-1", "UserPoolId": "us-east-1_Abc", "EndpointUrl": "http://127.0.0.1:4566"}
    outputs.write_text(json.dumps(local))
    settings = connection.settings()
    assert (settings.user_pool_id, settings.endpoint_url, settings.profile) == (
        "us-east-1_Abc",
        "http://127.0.0.1:4566",
        "p",
    )


def test_a_named_pool_is_not_sent_to_the_endpoint_of_the_outputs_file(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"Region": "us-east-1", "UserPoolId": "x", "EndpointUrl": "http://127.0.0.1:4566"}))
    settings = Connection("eu-west-1_Abc", region="eu-west-2", outputs=outputs).settings()
    assert (settings.user_pool_id, settings.endpoint_url, settings.region) == ("eu-west-1_Abc", None, "eu-west-2")


@click.command(short_help="a guest")
def guest() -> None:
    """A command of another package."""
    click.echo("hello")


def test_another_package_adds_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    group = auth.cli.PLUGINS
    plugins = [
        EntryPoint("policy", f"{__name__}:guest", group),
        EntryPoint("absent", "no_such_package.cli:main", group),
    ]
    monkeypatch.setattr(
        auth.cli, "entry_points", lambda group, name=None: [p for p in plugins if name in (None, p.name)]
    )
    assert CliRunner().invoke(main, ["policy"]).stdout == "hello\n"
    shown = CliRunner().invoke(main, ["--help"]).stdout
    assert "a guest" in shown
    assert "(not available: no_such_package is not installed)" in shown
    refused = CliRunner().invoke(main, ["absent"])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("error: `absent` needs no_such_package\nhint: pip install")


def test_the_shell_can_complete_commands() -> None:
    env = {"_GATEHOUSE_COMPLETE": "bash_complete", "COMP_WORDS": "gatehouse users re", "COMP_CWORD": "2"}
    assert CliRunner().invoke(main, env=env).stdout.split() == ["plain,reset-mfa", "plain,reset-password"]
