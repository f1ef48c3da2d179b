"""The pytest plugin as a project uses it: a run of pytest of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.local_cloud import ROOT

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("test_*.py"))

WRONG = """
import pytest


@pytest.fixture
def s3(as_user):
    return as_user("alice").client("s3")


@pytest.fixture
def bucket(gatehouse_cloud):
    return gatehouse_cloud.outputs["UserDataBucket"]


def test_refused(s3, bucket, assert_allowed):
    assert_allowed(s3.put_object, Bucket=bucket, Key="public/x", Body=b"")


def test_let_in(s3, bucket, as_user, assert_denied):
    assert_denied(s3.put_object, Bucket=bucket, Key=f"private/{as_user('alice').identity_id}/x", Body=b"")


def test_other_reason(s3, bucket, assert_denied):
    assert_denied(s3.put_object, Bucket=bucket, Key="public/x", Body=b"", reason="explicit deny")


def test_other_failure(s3, assert_denied):
    assert_denied(s3.put_object, Bucket="no-such-bucket-at-all", Keyy="x")


def test_no_such_group(as_user):
    as_user("alice", groups=["pilots"])
"""


def run(
    folder: Path, tests: Iterable[Path] = EXAMPLES, *, python: str = sys.executable, **settings: str
) -> subprocess.CompletedProcess[str]:
    """pytest in a project that has the template, these tests, and nothing else of ours."""
    for file in tests:
        if file.parent != folder:
            shutil.copy(file, folder)
    found = {
        "gatehouse_template": str(ROOT / "cloudformation/backend.yaml"),
        "gatehouse_parameters": str(ROOT / "cloudformation/parameters/local.json"),
    }
    lines = [f"{name} = {value}" for name, value in (found | settings).items()]
    (folder / "pytest.ini").write_text("\n".join(["[pytest]", *lines]) + "\n")
    # The workers of this run must not look like those of the inner one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "AWS_"))}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = [python, "-m", "pytest", "-q", "-p", "no:randomly"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_the_examples_of_the_docs(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


def test_assertions_that_fail_say_why(tmp_path: Path) -> None:
    wrong = tmp_path / "test_wrong.py"
    wrong.write_text(WRONG)
    done = run(tmp_path, [wrong])
    assert "5 failed" in done.stdout
    assert "refused, and should be allowed" in done.stdout
    assert "SharedFiles (Allow) does not apply: Action does not cover the request" in done.stdout
    assert "allowed, and should be refused" in done.stdout
    assert "refused, but not for `explicit deny`" in done.stdout
    assert "failed, but not because it was refused" in done.stdout
    assert "the user pool has no group pilots; it has editors" in done.stdout


def test_a_template_that_does_not_deploy(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("Resources: {A: {Type: AWS::No::Such}}\n")
    (tmp_path / "none.json").write_text("[]")
    done = run(tmp_path, gatehouse_template="broken.yaml", gatehouse_parameters="none.json")
    assert "the local cloud did not start" in done.stdout
    assert "AWS::No::Such" in done.stdout


@pytest.mark.timeout(400)
def test_a_project_with_another_botocore_keeps_it(tmp_path: Path) -> None:
    """The plugin makes an environment for the local cloud, once, and runs it from there."""
    uv, python = str(Path(sys.executable).parent / "uv"), str(tmp_path / "env" / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "env")], check=True)
    wanted = [f"gatehouse @ file://{ROOT}", "botocore!=1.43.106", "pytest"]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    project = tmp_path / "project"
    project.mkdir()
    first = run(project, python=python)
    assert "6 passed" in first.stdout, first.stdout + first.stderr
    assert "making an environment for the local cloud, once" in first.stdout
    (project / "test_again.py").write_text("def test_again(gatehouse_cloud): pass\n")
    again = run(project, [project / "test_again.py"], python=python, testpaths="test_again.py")
    assert "1 passed" in again.stdout, again.stdout + again.stderr
    assert "once" not in again.stdout


def test_an_interpreter_of_ones_own(tmp_path: Path) -> None:
    done = run(tmp_path, gatehouse_python=str(tmp_path / "no-python"))
    assert "no-python" in done.stdout
    assert "6 errors" in done.stdout
