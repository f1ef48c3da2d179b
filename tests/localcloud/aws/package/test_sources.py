"""Which modules, packages and services a handler needs, read from source alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.aws.package.errors import PackageError
from localcloud.aws.package.sources import trace
from tests.localcloud.aws.package.conftest import write_files


def files(root: Path, *modules: str) -> set[str]:
    return {str(file) for file in trace(root, modules).files}


@pytest.mark.parametrize(
    "statement",
    [
        "import triggers.messages.en",
        "from triggers.messages import en",
        "from triggers.messages.en import TEXT",
        "from . import messages; from .messages import en",
        "from .messages.en import TEXT",
        "def handler():\n    try:\n        import triggers.messages.en\n    finally: pass",
        "if not TYPE_CHECKING:\n    import triggers.messages.en",
        "if TYPE_CHECKING: pass\nelse: import triggers.messages.en",
    ],
)
def test_every_way_to_import_a_module_of_ours_is_followed(tmp_path: Path, statement: str) -> None:
    package = {"triggers/__init__.py": "", "triggers/messages/__init__.py": "", "triggers/messages/en.py": ""}
    write_files(tmp_path, {**package, "triggers/greet.py": statement})
    assert files(tmp_path, "triggers.greet") == {*package, "triggers/greet.py"}


def test_a_relative_import_in_a_packages_init_starts_at_the_package(tmp_path: Path) -> None:
    write_files(tmp_path, {"auth/__init__.py": "from .tokens import x\nfrom . import jwks", "auth/tokens.py": ""})
    write_files(tmp_path, {"auth/jwks.py": "from ..auth.errors import E", "auth/errors.py": ""})
    assert files(tmp_path, "auth") == {"auth/__init__.py", "auth/tokens.py", "auth/jwks.py", "auth/errors.py"}


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    write_files(tmp_path, {"auth/__init__.py": "", "auth/a.py": "import auth.b", "auth/b.py": "import auth.a"})
    assert files(tmp_path, "auth.a") == {"auth/__init__.py", "auth/a.py", "auth/b.py"}


def test_imports_for_the_type_checker_need_nothing(tmp_path: Path) -> None:
    code = "import typing\nif typing.TYPE_CHECKING:\n    import boto3\n    from triggers.gone import X"
    write_files(tmp_path, {"triggers/__init__.py": "", "triggers/greet.py": code})
    assert trace(tmp_path, ["triggers.greet"]).foreign.keys() == {"typing"}


def test_foreign_imports_are_noted_with_their_place(tmp_path: Path) -> None:
    code = "import os.path\ndef handler():\n    from aws_lambda_powertools.logging import Logger"
    write_files(tmp_path, {"triggers/__init__.py": "", "triggers/greet.py": code})
    foreign = trace(tmp_path, ["triggers.greet"]).foreign
    assert foreign == {"os": "triggers/greet.py:1", "aws_lambda_powertools": "triggers/greet.py:3"}


@pytest.mark.parametrize(
    ("code", "services"),
    [
        ("boto3.client('s3'); boto3.resource('dynamodb', region_name='x')", {"s3", "dynamodb"}),
        ("boto3.session.Session().client('kms')", {"kms"}),
        ("session.client(name)", None),
        ("boto3.Session().resource(service_name='s3')", None),
        ("router.resource(path)", set()),
    ],
)
def test_services_are_read_from_the_calls_that_make_clients(
    tmp_path: Path, code: str, services: set[str] | None
) -> None:
    write_files(tmp_path, {"triggers/__init__.py": "", "triggers/greet.py": code})
    assert trace(tmp_path, ["triggers.greet"]).services == services


def test_a_handler_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"triggers/__init__.py": ""})
    with pytest.raises(PackageError, match=r"module triggers\.gone is not there"):
        trace(tmp_path, ["triggers.gone"])
