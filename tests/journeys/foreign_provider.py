"""Providers that are not ours, from npm, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import node

HERE = Path(__file__).parent


@contextmanager
def running(clients: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The issuer of a provider that has these clients, in the terms of dynamic registration."""
    with served(HERE / "oidc_provider", "CLIENTS", clients) as issuer:
        yield issuer


@contextmanager
def served(folder: Path, variable: str, settings: Any) -> Iterator[str]:
    """The URL of a folder's `server.mjs`, which finds its settings in a variable of the environment."""
    node.require("journeys with a foreign provider")
    with node.prepared(folder):
        process = subprocess.Popen(
            ["node", "server.mjs"],
            cwd=folder,
            env={**os.environ, variable: json.dumps(settings)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield _issuer(process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _issuer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("listening on "):
            return line.split()[-1]
    raise RuntimeError("the provider did not start:\n" + "".join(said))
