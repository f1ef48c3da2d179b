"""Starting wrongly: each mistake is one clear line with a hint, and never a traceback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local_cloud import ROOT, LocalCloud

TEMPLATE = ROOT / "cloudformation" / "backend.yaml"


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "localcloud", *arguments]
    return subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60)


def failing_start(folder: Path, *arguments: str) -> list[str]:
    """What a server prints that starts and cannot deploy; it is stopped again."""
    cloud = LocalCloud(folder, arguments)
    with pytest.raises(RuntimeError):
        cloud.start()
    return [line for line in cloud.lines if not line.startswith(("listening", "CREATE", "ROLLBACK", "DELETE"))]


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run("up", "--port", str(port), "--data-dir", str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"error: port {port} is taken: Address already in use",
        f"hint: choose another one: --port {port + 1}",
    ]


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("up", "--port", "0", "--data-dir", str(tmp_path / "file" / "data"))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"error: the data folder {tmp_path}/file/data cannot be used: ")
    assert len(ended.stderr.splitlines()) == 2


def test_a_data_folder_has_one_server(tmp_path: Path) -> None:
    first = LocalCloud(tmp_path, ("--no-stack",)).start()
    second = run("up", "--port", "0", "--data-dir", str(tmp_path))
    reset = run("reset", "--data-dir", str(tmp_path))
    first.stop()
    for ended in (second, reset):
        assert ended.returncode == 1
        assert ended.stderr.startswith(f"error: the data folder {tmp_path} is in use by another server process")
    assert run("reset", "--data-dir", str(tmp_path)).returncode == 0
    assert not tmp_path.exists()


def test_reset_touches_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    ended = run("reset", "--data-dir", str(tmp_path))
    assert (ended.returncode, ended.stderr.splitlines()[0]) == (
        1,
        f"error: {tmp_path} is not a data folder of the local cloud",
    )
    assert (tmp_path / "thesis.txt").exists()


def test_wrong_usage_is_two() -> None:
    assert run("up", "--no-such-option").returncode == 2
    assert run("fly").returncode == 2


def test_a_missing_template(tmp_path: Path) -> None:
    lines = failing_start(tmp_path / "data", "--template", str(tmp_path / "none.yaml"))
    assert lines == [f"error: {tmp_path}/none.yaml: No such file or directory"]


@pytest.mark.parametrize(
    ("broken", "mended", "said"),
    [
        ("    Type: AWS::S3::Bucket\n", "    Type: AWS::S3::Bukket\n", "UserDataBucket"),
        ("      BucketEncryption:\n", "      BucketEncription:\n", "BucketEncription"),
        ("      UsernameAttributes: [email]\n", "      UsernameAttributs: [email]\n", "UsernameAttributs"),
        ("Resources:\n", "Resources: [\n", "line"),
    ],
)
def test_a_broken_template_names_what_is_wrong(tmp_path: Path, broken: str, mended: str, said: str) -> None:
    text = TEMPLATE.read_text().replace("../build/", f"{ROOT}/build/")
    assert broken in text
    template = tmp_path / "backend.yaml"
    template.write_text(text.replace(broken, mended, 1))
    lines = failing_start(tmp_path / "data", "--template", str(template))
    assert len(lines) == 1, lines
    assert lines[0].startswith("error: ")
    assert said in lines[0]


def test_an_unknown_parameter_is_named(tmp_path: Path) -> None:
    parameters = tmp_path / "p.json"
    parameters.write_text(json.dumps([{"ParameterKey": "Colour", "ParameterValue": "red"}]))
    lines = failing_start(tmp_path / "data", "--parameters", str(parameters))
    assert lines == ["error: p.json: the template has no parameter `Colour`"]


def test_decide_reads_lines_and_goes_on_after_a_bad_one() -> None:
    allow = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
    request = {
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": "000000000001",
        "context": {},
    }
    principal = {"type": "AWS", "value": "arn:aws:iam::000000000001:user/u"}
    asked = {"id": "1", "principal": principal, "identity_policies": [allow], "request": request}
    line = json.dumps(asked)
    ended = run("decide", stdin=f"nonsense\n{line}\n")
    first, second = (json.loads(text) for text in ended.stdout.splitlines())
    assert (first.get("decision"), bool(first["error"])) == (None, True)
    assert (second["id"], second["decision"], second["error"]) == ("1", "Allowed", None)


def test_decide_survives_a_reader_that_leaves() -> None:
    line = json.dumps({"id": "1"}) + "\n"
    command = f"{sys.executable} -m localcloud decide | head -1"
    ended = subprocess.run(
        command, shell=True, cwd=ROOT, input=line * 20_000, capture_output=True, text=True, timeout=60
    )
    assert ended.stderr == ""
