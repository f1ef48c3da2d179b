"""The `gatehouse` command, as a test runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from click.testing import CliRunner, Result

from auth.cli import main
from tests.local_cloud import LocalCloud

ROOT_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True, slots=True)
class Cli:
    """The command in this process, on the stack's outputs, with the keys of `keys`."""

    cloud: LocalCloud
    keys: Mapping[str, str] = field(default_factory=lambda: ROOT_KEYS)

    @property
    def outputs(self) -> str:
        return str(self.cloud.data_dir / "outputs.json")

    def __call__(self, *args: str, input: str | None = None) -> Result:
        return CliRunner(env=dict(self.keys)).invoke(main, ["--outputs", self.outputs, *args], input=input)

    def json(self, *args: str) -> Any:
        """What `--json` prints."""
        ran = self(*args, "--json")
        assert (ran.exit_code, ran.stderr) == (0, "")
        return json.loads(ran.stdout)

    def done(self, *args: str) -> str:
        """The one line that a command says when it has done its work."""
        ran = self(*args)
        assert (ran.exit_code, ran.stderr) == (0, "")
        return ran.stdout.rstrip("\n")
