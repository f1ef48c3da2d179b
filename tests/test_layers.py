"""Who may import whom: the arrows of docs/architecture.md, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN = {
    "auth": ("localcloud", "triggers", "api"),
    "triggers": ("localcloud", "api", "auth"),
    "api": ("localcloud", "triggers", "auth"),
    "localcloud": ("auth", "triggers", "api"),
    "localcloud/iam": ("localcloud.",),
    "localcloud/userpool": ("localcloud.identitypool", "localcloud.aws", "localcloud.iam", "localcloud.pipeline"),
    "localcloud/identitypool": ("localcloud.aws", "localcloud.pipeline"),
    "localcloud/federation": ("localcloud.identitypool", "localcloud.aws", "localcloud.pipeline", "localcloud.sts"),
    "localcloud/managed_login": ("localcloud.identitypool", "localcloud.aws", "localcloud.iam", "localcloud.pipeline"),
    "localcloud/relying_party": ("localcloud.userpool", "localcloud.managed_login", "localcloud.aws", "localcloud.iam"),
    "localcloud/stand_ins": ("localcloud.userpool", "localcloud.managed_login", "localcloud.relying_party"),
    "localcloud/sts": ("localcloud.aws", "localcloud.pipeline"),
    "localcloud/policy": ("localcloud.pipeline", "localcloud.userpool", "localcloud.identitypool"),
    "localcloud/explain": ("localcloud.",),
}
ALLOWED = {
    # The commands that need the local cloud join the CLI, never the other way round.
    "localcloud/cli": ("auth",),
    # So does the pytest plugin: its people sign in with the library that apps use.
    "localcloud/testing": ("auth",),
    "localcloud/iam": ("localcloud.iam", "localcloud.errors"),
    # What AWS does with guests is written down once.
    "localcloud/policy": ("localcloud.identitypool.guests",),
    "localcloud/explain": ("localcloud.explain", "localcloud.iam", "localcloud.access.refusals"),
}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_go_one_way(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in _imports(path)
        if _is_within(name, FORBIDDEN[folder]) and not _is_within(name, _exceptions(path))
    ]
    assert wrong == []


def test_only_the_engine_imports_the_engine() -> None:
    importers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "localcloud").rglob("*.py")
        if any(name.split(".")[0] == "ministack" for name in _imports(path))
        or 'import_module(f"ministack' in path.read_text()
        or 'import_module("ministack' in path.read_text()
    }
    assert importers == {"localcloud/aws/engine.py"}


def _exceptions(path: Path) -> tuple[str, ...]:
    inside = str(path.relative_to(ROOT))
    return tuple(name for folder, names in ALLOWED.items() if inside.startswith(folder) for name in names)


def _is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package.rstrip(".") + ".") for package in packages)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
