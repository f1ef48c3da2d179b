"""A reader who does what a page says, with a local cloud, a mailbox and an authenticator app at hand."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auth import AuthClient, Settings
from auth.cli import main as gatehouse
from auth.totp import PERIOD, totp
from tests.docs.pages import ROOT, Block, read
from tests.journeys.mailed import code_for
from tests.local_cloud import LocalCloud

PASSWORD = "Correct-Horse-7"
PROGRAMS = {
    "python": sys.executable,
    ".venv/bin/python": sys.executable,
}


@dataclass(slots=True)
class Reader:
    """Someone in the project's folder, who is called Ada. `names` are the variables of the page's Python so far."""

    cloud: LocalCloud
    home: Path
    environment: pytest.MonkeyPatch
    email: str = field(default_factory=lambda: f"ada-{uuid.uuid4().hex[:8]}@example.com")
    device_key: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    last_code_at: float = 0.0

    def settle_in(self) -> None:
        """Make a project folder with the outputs of this cloud, nothing of AWS in the environment, and go there."""
        for path in ROOT.iterdir():
            if path.name != ".gatehouse":
                (self.home / path.name).symlink_to(path)
        (self.home / ".gatehouse").mkdir()
        (self.home / ".gatehouse/outputs.json").write_text(json.dumps(self.cloud.outputs))
        for name in [name for name in os.environ if name.startswith(("AWS_", "GATEHOUSE_"))]:
            self.environment.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            self.environment.setenv(name, str(self.home / "none"))
        self.environment.chdir(self.home)
        self.names["input"] = self.type_in

    def sign_up(self) -> None:
        """Be a user already, with a device."""
        client = AuthClient(Settings.from_outputs())
        client.sign_up(self.email, PASSWORD)
        client.confirm_sign_up(self.email, self.cloud.code(self.email))
        self.device_key = client.sign_in(self.email, PASSWORD).tokens.device_key or ""

    def type_in(self, prompt: str) -> str:
        """What `input` gives: the code from a mail, or the authenticator app's next one."""
        if "sign-in mail" in prompt:
            return code_for(self.cloud, self.email)
        if "mail" in prompt:
            return self.cloud.code(self.email)
        # A code counts once, but the pool takes the one after the current one, too: two can follow without a wait.
        self.last_code_at = max(self.last_code_at + PERIOD, time.time())
        return totp(self.names["secret"].secret, self.last_code_at)

    def do(self, block: Block) -> None:
        """Do what a block says. Raises AssertionError, or whatever its code raises."""
        lines = block.text.splitlines()
        if block.language in ("ts", "yaml") or (block.language == "python" and self._names_a_file(lines[0])):
            return self._compare(block, lines)
        match block.language:
            case "python":
                # Line numbers of a traceback are then those of the page.
                exec(compile("\n" * (block.line - 1) + self._fill_in(block.text), block.page, "exec"), self.names)
            case "sh":
                for line in lines:
                    self._run(shlex.split(self._fill_in(line), comments=True))
            case "json":
                json.loads(block.text)
            case "text":
                pass
            case _:
                raise AssertionError(f"a block has one of the languages of pages.py, not {block.language!r}")
        return None

    def _fill_in(self, text: str) -> str:
        given = {
            "http://127.0.0.1:4566": self.cloud.endpoint,
            "ada@example.com": self.email,
            "DEVICE_KEY": self.device_key,
        }
        for name, value in given.items():
            text = text.replace(name, value)
        return text

    def _names_a_file(self, line: str) -> bool:
        return line.startswith("# ") and (ROOT / line.removeprefix("# ")).is_file()

    def _compare(self, block: Block, lines: list[str]) -> None:
        file = lines[0].lstrip("#/ ")
        assert "\n".join(lines[1:]) in read(file), f"{block.page}:{block.line} is no longer in {file}"

    def _run(self, words: list[str]) -> None:
        match words:
            case []:
                pass
            case ["export", *settings]:
                for name, _, value in (setting.partition("=") for setting in settings):
                    self.environment.setenv(name, value)
            case ["make", target, *_]:
                assert f"\n{target}:" in read("Makefile"), f"there is no make target {target}"
            case ["cd", folder]:
                self.environment.chdir(folder)
            case ["npm", command, *_]:
                scripts = json.loads(Path("package.json").read_text())["scripts"]
                assert command == "ci" or command in scripts, f"there is no npm script {command}"
            case ["python", "-m", "localcloud", "up"]:
                pass  # that is how this reader's cloud was started
            case ["python", "-m", "localcloud", "up", *options]:
                own = ("--port", "0", "--data-dir", str(self.home / "data"))
                LocalCloud(self.home / "data", (*options, *own)).start().stop()
            case ["python", "-m", "localcloud", "reset"]:
                self._call([*words, "--data-dir", str(self.home / "data")])
            case ["gatehouse", *arguments]:
                done = CliRunner().invoke(gatehouse, arguments)  # in this process: a dozen of them would take long
                assert done.exit_code == 0, f"{shlex.join(words)}\n{done.output}"
            case [program, *_] if program in PROGRAMS:
                self._call(words)
            case _:
                raise AssertionError(f"the docs may not use {words[0]}")

    def _call(self, words: list[str]) -> None:
        done = subprocess.run(
            [PROGRAMS[words[0]], *words[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
