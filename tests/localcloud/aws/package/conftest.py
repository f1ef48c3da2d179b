"""A small project with a lock file of its own, whose packages are wheels written on the spot: no network."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Project = Callable[[Mapping[str, str]], Path]

PYPROJECT = """
[project]
name = "small"
version = "1"
requires-python = ">=3.11"

[dependency-groups]
lambda-light = ["aws-lambda-powertools"]
lambda-aws = ["aws-lambda-powertools", "boto3"]

[tool.uv]
package = false

[tool.uv.sources]
aws-lambda-powertools = {path = "wheels/aws_lambda_powertools-1-py3-none-any.whl"}
boto3 = {path = "wheels/boto3-1-py3-none-any.whl"}
"""
POWERTOOLS = {"aws_lambda_powertools/__init__.py": "class Logger: pass\n"}
BOTO3 = {
    "boto3/__init__.py": "def client(name): return name\n",
    "boto3/data/dynamodb/resources-1.json": "{}",
    "boto3/data/s3/resources-1.json": "{}",
    "boto3/examples/s3.rst": "how to",
    "botocore/__init__.py": "",
    "botocore/data/endpoints.json": "{}",
    "botocore/data/dynamodb/service-2.json": "{}",
    "botocore/data/s3/service-2.json": "{}",
    "boto3-1.data/scripts/boto": "#!python\n",
}
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.11, Architectures: [arm64]}
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Prefix}-table"}}
  GreetFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ../build/greet, Handler: triggers.greet.handler, Role: !GetAtt Role.Arn}
  KeepFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ../build/keep, Handler: triggers.keep.handler}
  ApiFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ../build/api, Handler: api.handler.handler}
"""
FILES = {
    "pyproject.toml": PYPROJECT,
    "cloudformation/backend.yaml": TEMPLATE,
    "triggers/__init__.py": "",
    "triggers/greet.py": """
        from triggers.messages import WORDS
        def handler(event, context):
            from aws_lambda_powertools import Logger
            return WORDS + event
    """,
    "triggers/messages/__init__.py": """
        from pathlib import Path
        WORDS = Path(__file__).with_name("words.txt").read_text()
    """,
    "triggers/messages/words.txt": "hello ",
    "triggers/unused.py": "import nowhere",
    "triggers/keep.py": """
        def handler(event, context):
            import boto3
            return boto3.client("dynamodb")
    """,
    "api/__init__.py": "",
    "api/handler.py": """
        from importlib import import_module
        def handler(event, context): return import_module("api.routes.me").answer()
    """,
    "api/routes/__init__.py": "",
    "api/routes/me.py": "from auth import Verifier\ndef answer(): return Verifier().word",
    "auth/__init__.py": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from auth.admin import Admin
            from auth.tokens import Verifier
        def __getattr__(name):
            from importlib import import_module
            return getattr(import_module("auth.tokens" if name == "Verifier" else "auth.admin"), name)
    """,
    "auth/tokens.py": "class Verifier: word = 'me'",
    "auth/admin.py": "import boto3",
}


def write_wheel(folder: Path, name: str, files: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.dist-info"
    parts = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as wheel:
        for path, text in parts.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(text.encode())}\n"
            wheel.writestr(zipfile.ZipInfo(path), text)
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), f"{record}{info}/RECORD,,\n")


def write_files(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8")


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its lock file, made once."""
    root = tmp_path_factory.mktemp("locked")
    write_files(root, FILES)
    write_wheel(root / "wheels", "aws_lambda_powertools", POWERTOOLS)
    write_wheel(root / "wheels", "boto3", BOTO3)
    uv = Path(sys.executable).with_name("uv")
    environment = {**os.environ, "UV_OFFLINE": "1"}
    subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=root, env=environment, check=True)
    return root


@pytest.fixture
def project(locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the project with some files changed; the tests then stand in it."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        shutil.copytree(locked, root)
        write_files(root, files)
        monkeypatch.chdir(root)
        monkeypatch.setenv("UV_OFFLINE", "1")
        return root

    return make
