"""What a handler must not see: the server's environment, its packages, its open files, the developer's home."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from localcloud.aws.functions import Functions
from tests.localcloud.aws.functions.conftest import CREDENTIALS, Write


def test_the_environment_is_the_functions_own_and_lambdas(
    functions: Functions, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Attack: a handler, or a package it pulls in, that reads the developer's own cloud keys.
    monkeypatch.setenv("DEVELOPERS_SECRET", "hunter2")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    function = write("import os\ndef handler(event, context): return dict(os.environ)")
    variables = functions.invoke(function, {}).payload
    stream = variables.pop("AWS_LAMBDA_LOG_STREAM_NAME")
    assert stream.partition("[")[2].startswith("7]")
    variables.pop("LC_CTYPE", None)  # Python's own, where the machine lacks the locale
    variables.pop("__CF_USER_TEXT_ENCODING", None)  # the system's own, on macOS
    assert Path(variables.pop("LAMBDA_RUNTIME_DIR"), "worker.py").is_file()
    assert variables == {
        **CREDENTIALS,
        "TABLE": "people",
        "HOME": "/nonexistent",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_REGION": "us-east-1",  # reserved: the function's own value does not count
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
        "AWS_LAMBDA_FUNCTION_NAME": "greet",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/greet",
        "LAMBDA_TASK_ROOT": str(function.package),
        "_HANDLER": "app.handler",
    }


def test_credentials_are_never_on_a_command_line(functions: Functions, write: Write) -> None:
    # Attack: every user of the machine may read command lines.
    function = write("import sys\ndef handler(event, context): return sys.orig_argv + sys.argv")
    arguments = functions.invoke(function, {}).payload
    assert not {*CREDENTIALS.values()} & {*arguments}


@pytest.mark.parametrize("module", ["boto3", "pytest", "localcloud", "pip", "worker"])
def test_no_package_but_the_functions_own_can_be_imported(functions: Functions, write: Write, module: str) -> None:
    # What is forgotten in the build must fail here, and not on AWS.
    error = functions.invoke(write(f"import {module}"), {}).error
    assert error is not None
    assert error.document["errorType"] == "Runtime.ImportModuleError"
    assert error.message == f"Unable to import module 'app': No module named '{module}'"


def test_the_path_is_the_package_and_the_standard_library(functions: Functions, write: Write) -> None:
    function = write("import sys\ndef handler(event, context): return sys.path, sys.flags.isolated")
    (package, *rest), isolated = functions.invoke(function, {}).payload
    assert (package, isolated) == (str(function.package), 1)
    base = Path(sys.base_prefix).resolve()
    assert all(Path(entry).resolve().is_relative_to(base) for entry in rest)
    assert not [entry for entry in rest if "-packages" in entry]


def test_the_package_is_where_the_handler_stands_and_stays_as_it_was(functions: Functions, write: Write) -> None:
    function = write("import os\ndef handler(event, context): return os.getcwd()")
    assert Path(functions.invoke(function, {}).payload).samefile(function.package)
    assert [path.name for path in function.package.iterdir()] == ["app.py"]


def test_no_open_file_of_the_server_is_inherited(functions: Functions, write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    function = write("""
        import os
        def handler(event, context):
            links = []
            for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []:
                try: links.append(os.readlink("/proc/self/fd/" + name))
                except OSError: pass
            return links
    """)
    with secret.open() as file:
        os.set_inheritable(file.fileno(), True)
        assert str(secret) not in functions.invoke(function, {}).payload


def test_a_handlers_children_inherit_no_channel(functions: Functions, write: Write) -> None:
    function = write("""
        import subprocess
        def handler(event, context):
            return subprocess.run(["/bin/ls", "/dev/fd"], stdout=-1, close_fds=False, text=True).stdout.split()
    """)
    assert len(functions.invoke(function, {}).payload) <= 4  # its three, and the one that ls reads


def test_reading_standard_input_ends_at_once(functions: Functions, write: Write) -> None:
    assert functions.invoke(write("def handler(event, context): return open(0).read()"), {}).payload == ""
