"""The folders that a template asks for, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.aws.package.errors import PackageError
from localcloud.aws.package.template import Package, read_packages


def packages(folder: Path, *functions: str) -> list[Package]:
    lines = [
        f"  F{number}: {{Type: AWS::Serverless::Function, Properties: {{{it}}}}}" for number, it in enumerate(functions)
    ]
    template = folder / "backend.yaml"
    template.write_text("\n".join(["Resources:", *lines]), encoding="utf-8")
    return read_packages(template)


PYTHON = "Runtime: python3.11, Architectures: [arm64]"


def test_functions_with_one_code_uri_share_a_package(tmp_path: Path) -> None:
    found = packages(
        tmp_path,
        f"CodeUri: ../build/kinds, Handler: triggers.one.handler, {PYTHON}",
        f"CodeUri: ../build/kinds, Handler: triggers.two.handler, {PYTHON}",
    )
    assert found == [Package("kinds", frozenset({"triggers.one", "triggers.two"}), "python3.11", "arm64")]


def test_the_projects_own_template_is_read() -> None:
    found = {
        package.name: package for package in read_packages(Path(__file__).parents[4] / "cloudformation/backend.yaml")
    }
    assert found["pre_sign_up"] == Package("pre_sign_up", frozenset({"triggers.pre_sign_up"}), "python3.11", "arm64")
    assert found["api"].modules == {"api.handler"}


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        # A CodeUri is a place that is written to.
        (f"CodeUri: ../../build/x, Handler: a.b, {PYTHON}", "F0: CodeUri is not"),
        (f"CodeUri: ../build/../x, Handler: a.b, {PYTHON}", "F0: CodeUri is not"),
        (f"CodeUri: ../build/.x, Handler: a.b, {PYTHON}", "F0: CodeUri is not"),
        (f"InlineCode: pass, Handler: a.b, {PYTHON}", "F0: CodeUri is not"),
        (f"CodeUri: !Ref Where, Handler: a.b, {PYTHON}", "F0: CodeUri is not"),
        (f"CodeUri: ../build/x, Handler: handler, {PYTHON}", "F0: Handler is not"),
        (f"CodeUri: ../build/x, Handler: ../a.b, {PYTHON}", "F0: Handler is not"),
        ("CodeUri: ../build/x, Handler: a.b, Runtime: nodejs20.x", "F0: Runtime nodejs20.x is not"),
        ("CodeUri: ../build/x, Handler: a.b", "F0: Runtime None is not"),
        ("CodeUri: ../build/x, Handler: a.b, Runtime: python3.11, Architectures: [riscv]", "F0: Architectures is"),
    ],
)
def test_what_cannot_be_built_is_refused_by_name(tmp_path: Path, function: str, reason: str) -> None:
    with pytest.raises(PackageError, match=reason):
        packages(tmp_path, function)


def test_one_package_for_two_machines_is_refused(tmp_path: Path) -> None:
    function = "CodeUri: ../build/x, Handler: a.b, Runtime: python3.11, Architectures: "
    with pytest.raises(PackageError, match="build/x is for functions of different"):
        packages(tmp_path, f"{function}[arm64]", f"{function}[x86_64]")


@pytest.mark.parametrize("text", ["", "[1, 2]", "Resources: {F: 1}", "Resources: [", "Resources: {F: {}}"])
def test_what_is_no_template_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "backend.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match=r"backend\.yaml is no template: "):
        read_packages(tmp_path / "backend.yaml")
