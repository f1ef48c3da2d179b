"""The built folders: what is in them and what is not, that they run alone; a build is cheap, whole and safe."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.function_code import fingerprint
from localcloud.aws.functions import Function, Functions
from localcloud.aws.package import stamp
from localcloud.aws.package.__main__ import main
from localcloud.aws.package.build import build
from tests.localcloud.aws.package.conftest import Project, write_files


def contents(folder: Path) -> set[str]:
    """The files in a package, compiled ones apart."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in files if path.suffix != ".pyc"}


def run(package: Path, handler: str, event: Any) -> Any:
    runner = Functions(lambda function: {}, "http://127.0.0.1:4566", "us-east-1", lambda *entry: None)
    function = Function("f", "f", handler, 20, 128, "", {}, package, "", "1", "python3.11")
    try:
        return runner.invoke(function, event).payload
    finally:
        runner.close()


@pytest.fixture(scope="module")
def built(locked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the unchanged project, to look at."""
    folder = tmp_path_factory.mktemp("built")
    build(locked, folder, "local", lambda line: None)
    return folder


def test_a_package_holds_what_its_handler_imports_and_nothing_else(built: Path) -> None:
    assert contents(built / "greet") == {
        "triggers/__init__.py",
        "triggers/greet.py",
        "triggers/messages/__init__.py",
        "triggers/messages/words.txt",
        "aws_lambda_powertools/__init__.py",
    }
    assert contents(built / "api") == {
        "api/__init__.py",
        "api/handler.py",
        "api/routes/__init__.py",
        "api/routes/me.py",
        "auth/__init__.py",
        "auth/tokens.py",
        "aws_lambda_powertools/__init__.py",
    }


def test_of_boto3_only_the_services_in_use_go_in(built: Path) -> None:
    assert contents(built / "keep") == {
        "triggers/__init__.py",
        "triggers/keep.py",
        "aws_lambda_powertools/__init__.py",
        "boto3/__init__.py",
        "boto3/data/dynamodb/resources-1.json",
        "botocore/__init__.py",
        "botocore/data/endpoints.json",
        "botocore/data/dynamodb/service-2.json",
    }


def test_every_service_goes_in_where_only_run_time_knows_which(project: Project) -> None:
    root = project({"triggers/keep.py": "import boto3\ndef handler(event, context): return boto3.client(event)"})
    assert main([]) == 0
    assert {"botocore/data/dynamodb/service-2.json", "botocore/data/s3/service-2.json"} <= contents(root / "build/keep")


def test_the_packages_run_with_nothing_else_on_the_path(built: Path) -> None:
    assert run(built / "greet", "triggers.greet.handler", "you") == "hello you"
    assert run(built / "keep", "triggers.keep.handler", {}) == "dynamodb"
    assert run(built / "api", "api.handler.handler", {}) == "me"


def test_every_module_is_compiled_and_never_compared_with_its_source(built: Path) -> None:
    for source in (built / "keep").rglob("*.py"):
        [compiled] = (source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")
        assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"  # by hash, unchecked: PEP 552


def test_compiled_modules_that_were_swept_away_are_made_again(project: Project) -> None:
    root = project({})
    assert main([]) == 0
    for folder in [*(root / "build").rglob("__pycache__")]:
        shutil.rmtree(folder)
    assert main([]) == 0
    places = [root / "build" / name for name in ("greet", ".packages")]
    assert all(any(place.rglob("*.pyc")) for place in places)


def test_a_second_build_changes_and_says_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    root = project({})
    assert main([]) == 0
    assert "build/greet: lambda-light, " in capsys.readouterr().out
    before = (root / "build/greet").stat().st_ino
    assert main([]) == 0
    assert capsys.readouterr() == ("", "")
    assert (root / "build/greet").stat().st_ino == before


def test_a_change_builds_anew_what_it_touches_only(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    root = project({})
    assert main([]) == 0
    capsys.readouterr()
    before = [fingerprint(root / "build" / name) for name in ("greet", "keep")]
    write_files(root, {"triggers/messages/words.txt": "good morning "})
    assert main([]) == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == ["build/greet"]
    assert (root / "build/greet/triggers/messages/words.txt").read_text() == "good morning "
    greet, keep = (fingerprint(root / "build" / name) for name in ("greet", "keep"))
    assert greet != before[0]
    assert keep == before[1] != greet


def test_a_folder_that_was_removed_is_built_again(project: Project) -> None:
    root = project({})
    assert main([]) == 0
    (root / "build/greet").rename(root / "build/elsewhere")
    assert main([]) == 0
    assert (root / "build/greet/triggers/greet.py").is_file()


def test_editing_a_source_in_place_does_not_reach_into_a_package(project: Project) -> None:
    root = project({})
    assert main([]) == 0
    with (root / "triggers/greet.py").open("a") as file:
        file.write("broken(")
    assert "broken" not in (root / "build/greet/triggers/greet.py").read_text()


def test_a_package_that_the_template_no_longer_has_is_removed(project: Project) -> None:
    root = project({})
    assert main([]) == 0
    template = (root / stamp.TEMPLATE).read_text()
    (root / stamp.TEMPLATE).write_text(template.replace("../build/greet", "../build/welcome"))
    assert main([]) == 0
    assert sorted(path.name for path in (root / "build").glob("[a-z]*")) == ["api", "keep", "welcome"]


def test_a_build_for_aws_stands_beside_the_local_one(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    root = project({})
    assert main(["--target", "aws", "--out", "made"]) == 0
    assert "for Python 3.11 on aarch64-manylinux2014" in capsys.readouterr().out
    assert contents(root / "made/aws/greet") >= {"triggers/greet.py", "aws_lambda_powertools/__init__.py"}
    assert not (root / "made/greet").exists()


def test_a_build_that_is_interrupted_leaves_whole_packages_only(project: Project) -> None:
    root = project({})
    assert main([]) == 0
    write_files(root, {"triggers/__init__.py": "changed = True"})
    told: list[str] = []

    def interrupt(line: str) -> None:
        told.append(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(root, root / "build", "local", interrupt)
    (root / "build/.new-left-by-a-kill").mkdir()
    assert len(told) == 1
    assert run(root / "build/greet", "triggers.greet.handler", "you") == "hello you"
    write_files(root, {"triggers/__init__.py": ""})  # back as it was: the half-done build must still be noticed
    assert main([]) == 0
    for name in ("greet", "keep"):
        assert (root / "build" / name / "triggers/__init__.py").read_text() == ""
    assert not [*(root / "build").glob(".new-*")]


def test_two_builds_at_once_both_end_well(project: Project) -> None:
    root = project({})
    command = [sys.executable, "-m", "localcloud.aws.package"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    builds = [subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    told = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert sorted(map(bool, told)) == [False, True]  # the second found all done
    assert contents(root / "build/greet") >= {"triggers/greet.py"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {"triggers/messages/__init__.py": "import requests"},
            "greet: triggers/messages/__init__.py:1 imports requests, which is not in dependency group lambda-light",
        ),
        # The local cloud must never be shipped to AWS.
        (
            {"triggers/greet.py": "def handler(event, context):\n    from localcloud.store import Store"},
            "greet: triggers/greet.py:2 imports localcloud, which is not in dependency group lambda-light",
        ),
        ({"triggers/greet.py": "import triggers.gone"}, "module triggers.gone is not there, but is a handler or imp"),
        ({"triggers/greet.py": "def handler("}, "triggers/greet.py is no Python: '(' was never closed"),
        ({"uv.lock": "version = 1\nrequires-python = '>=3.11'"}, "uv export failed: "),
    ],
)
def test_a_build_that_cannot_be_names_the_reason(
    project: Project, capsys: pytest.CaptureFixture[str], files: dict[str, str], reason: str
) -> None:
    root = project(files)
    assert main([]) == 1
    assert capsys.readouterr().err.startswith(f"error: {reason}")
    assert not (root / "build/greet").exists()


def test_outside_a_project_there_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("error: cloudformation/backend.yaml is not there\nhint: ")
