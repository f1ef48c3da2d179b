"""How an invocation fails: Lambda's own error document for each way, and a runner that goes on."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from localcloud.aws.functions import FunctionError, Functions, Result
from tests.localcloud.aws.functions.conftest import Write, wait_for_end


def failure(result: Result) -> FunctionError:
    assert result.error is not None
    assert result.payload is None
    return result.error


def test_an_exception_is_answered_in_lambdas_json_and_the_worker_survives(functions: Functions, write: Write) -> None:
    function = write("""
        import os
        class NotWelcome(Exception): pass
        def refuse(): raise NotWelcome("not you, \\"x\\"")
        def handler(event, context):
            if event == "who": return os.getpid()
            refuse()
    """)
    before = functions.invoke(function, "who").payload
    result = functions.invoke(function, {})
    error = failure(result)
    assert error.kind == "Unhandled"
    assert list(error.document) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (error.message, error.error_type) == ('not you, "x"', "NotWelcome")
    assert error.document["requestId"] == result.request_id
    assert ["in handler" in error.stack_trace[0], "in refuse" in error.stack_trace[1]] == [True, True]
    assert len(error.stack_trace) == 2
    assert '[ERROR] NotWelcome: not you, "x"\nTraceback (most recent call last):\n  File' in result.log_lines[1]
    assert functions.invoke(function, "who").payload == before


@pytest.mark.parametrize(
    ("code", "handler", "error_type", "message"),
    [
        ("import nowhere", "app.handler", "Runtime.ImportModuleError", "Unable to import module 'app': No module nam"),
        ("", "gone.handler", "Runtime.ImportModuleError", "Unable to import module 'gone': No module named 'gone'"),
        ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("def handler(", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': "),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values to unpack"),
        ("", "sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"),
        ("import os; os.environ['GONE']", "app.handler", "KeyError", "'GONE'"),
    ],
)
def test_a_module_that_does_not_load(
    functions: Functions, write: Write, code: str, handler: str, error_type: str, message: str
) -> None:
    function = write(code, handler)
    for _ in range(2):  # as on AWS, the next call tries again
        result = functions.invoke(function, {})
        error = failure(result)
        assert (error.kind, error.error_type) == ("Unhandled", error_type)
        assert error.message.startswith(message)
        assert error.document["requestId"] == result.request_id


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        # The child keeps all that its parent had open: the end must be seen all the same, and the child must end too.
        ("os.fork() and os._exit(4) or time.sleep(60)", "Runtime exited with error: exit status 4"),
        # A handler that ends up in both processes: the child has nobody to answer.
        ("(os.fork() or time.sleep(0.1)) and os._exit(5)", "Runtime exited with error: exit status 5"),
    ],
)
def test_a_process_that_ends_is_replaced(functions: Functions, write: Write, end: str, how: str) -> None:
    function = write(f"""
        import os, sys, time
        def handler(event, context):
            if event: return os.getpid()
            {end}
    """)
    before = functions.invoke(function, "who").payload
    result = functions.invoke(function, {})
    error = failure(result)
    assert (error.kind, error.error_type) == ("ExitError", "Runtime.ExitError")
    assert error.message == f"RequestId: {result.request_id} Error: {how}"
    assert list(error.document) == ["errorType", "errorMessage"]
    assert result.log_lines[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError")
    assert functions.invoke(function, "who").payload != before


def test_a_module_that_exits_while_it_loads(functions: Functions, write: Write) -> None:
    assert failure(functions.invoke(write("import sys; sys.exit(2)"), {})).message.endswith("exit status 2")


SLOW = """
    import os, subprocess, time
    def handler(event, context):
        if event == "who": return os.getpid()
        child = subprocess.Popen(["/bin/sleep", "60"])
        print(child.pid, flush=True)
        time.sleep(60)
"""


def test_a_late_handler_is_killed_with_all_that_it_started(functions: Functions, write: Write) -> None:
    function = write(SLOW)
    before = functions.invoke(function, "who").payload
    began = time.monotonic()
    result = functions.invoke(dataclasses.replace(function), {}, deadline=began + 0.5)
    assert 0.5 <= time.monotonic() - began < 3
    error = failure(result)
    assert (error.kind, error.error_type) == ("Timeout", "Sandbox.Timedout")
    assert error.message == f"RequestId: {result.request_id} Error: Task timed out after 0.50 seconds"
    assert result.log_lines[-1].endswith("\tStatus: timeout")
    for pid in (before, int(result.log_lines[1])):
        wait_for_end(pid)
    assert functions.invoke(function, "who").payload != before


def test_the_functions_own_timeout_counts_the_import(functions: Functions, write: Write) -> None:
    function = write("import time; time.sleep(60)", timeout=0.3)
    error = failure(functions.invoke(function, {}, deadline=time.monotonic() + 20))
    assert error.message.endswith("Task timed out after 0.30 seconds")


@pytest.mark.parametrize("value", ["object()", "float('nan')", "{1, 2}", "loop", "b'not json'", "{'a': b'\\xff'}"])
def test_what_is_no_json_is_a_marshal_error(functions: Functions, write: Write, value: str) -> None:
    function = write(f"""
        loop = []
        loop.append(loop)
        def handler(event, context): return event or {value}
    """)
    error = failure(functions.invoke(function, None))
    assert (error.kind, error.error_type) == ("Unhandled", "Runtime.MarshalError")
    assert error.message.startswith("Unable to marshal response: ")
    assert functions.invoke(function, "fine").payload == "fine"


def test_a_return_value_nested_too_deep_fails_alone(functions: Functions, write: Write) -> None:
    function = write("def handler(event, context): return event or b'[' * 100_000 + b']' * 100_000")
    assert failure(functions.invoke(function, None)).error_type == "Runtime.MarshalError"
    assert functions.invoke(function, "fine").payload == "fine"


def test_more_than_six_megabytes_are_refused_in_both_directions(functions: Functions, write: Write) -> None:
    function = write("def handler(event, context): return 'x' * (event if isinstance(event, int) else 1)")
    refused = failure(functions.invoke(function, "x" * 6_300_000))
    assert (refused.kind, refused.error_type) == ("Refused", "RequestTooLargeException")
    too_large = failure(functions.invoke(function, 6_291_555))
    assert too_large.document == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert len(functions.invoke(function, 6_291_554).payload) == 6_291_554


@pytest.mark.parametrize("forged", ["b'\\x00' * 9", "b'P' + b'\\xff' * 8", "b'F' + bytes(7) + b'\\x02[]'"])
def test_a_handler_that_writes_to_the_channel_itself_fails_alone(
    functions: Functions, write: Write, forged: str
) -> None:
    # Attack: a forged length would make the server read, and hold, gigabytes.
    function = write(f"""
        import os, sys, time
        def handler(event, context):
            if event: return "fine"
            os.write(channel, {forged})
            time.sleep(60)
        channel = sys._getframe(0)
        while "channel" not in channel.f_locals or channel.f_globals is globals():
            channel = channel.f_back
        channel = channel.f_locals["channel"]
    """)
    assert failure(functions.invoke(function, None)).error_type == "Runtime.ExitError"
    assert functions.invoke(function, "again").payload == "fine"


def test_a_runtime_other_than_python_is_refused_by_name(functions: Functions, write: Write) -> None:
    error = failure(functions.invoke(write("", runtime="nodejs20.x"), {}))
    assert (error.kind, error.error_type) == ("Refused", "InvalidRuntimeException")
    assert "nodejs20.x" in error.message


def test_a_package_that_is_not_there_is_named(functions: Functions, write: Write, tmp_path: Path) -> None:
    error = failure(functions.invoke(dataclasses.replace(write(""), package=tmp_path / "none"), {}))
    assert error.error_type == "Runtime.ExitError"
    assert str(tmp_path / "none") in error.message
