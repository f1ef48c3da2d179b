"""What a handler is given and what the caller gets: events, context, payloads, log events."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from localcloud.aws.functions import Function, Functions
from tests.localcloud.aws.functions.conftest import Log, Write

REPORT = (
    r"REPORT RequestId: \S+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB"
    r"\tMax Memory Used: \d+ MB(\tInit Duration: \d+\.\d\d ms)?"
)


def test_the_event_goes_in_and_the_return_value_comes_out(functions: Functions, write: Write) -> None:
    event = {"text": "ひみつ \u2028", "numbers": [1, 2.5, None, True], "nested": {"": {}}}
    result = functions.invoke(write("def handler(event, context): return {'got': event}"), event)
    assert (result.error, result.payload) == (None, {"got": event})


def test_the_context_names_the_invocation(functions: Functions, write: Write) -> None:
    function = write("""
        def handler(event, context):
            identity = context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id
            return {**vars(context), "identity": identity, "client_context": context.client_context,
                    "left": context.get_remaining_time_in_millis()}
    """)
    result = functions.invoke(function, {})
    context = result.payload
    assert context["aws_request_id"] == result.request_id
    assert context["invoked_function_arn"] == function.arn
    assert (context["function_name"], context["function_version"]) == ("greet", "7")
    assert (context["memory_limit_in_mb"], context["log_group_name"]) == ("512", "/aws/lambda/greet")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[7\][0-9a-f]{32}", context["log_stream_name"])
    assert (context["identity"], context["client_context"]) == ([None, None], None)
    assert 0 < context["left"] <= 20_000


@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("None", None),
        ("Decimal('12')", 12),
        ("{'n': Decimal('1.5')}", {"n": 1.5}),
        ("(1, 2)", [1, 2]),
        ("b'{\"raw\": 1}'", {"raw": 1}),
        ("{'text': b'bytes'}", {"text": "bytes"}),
    ],
)
def test_values_are_marshalled_as_lambda_does(
    functions: Functions, write: Write, expression: str, payload: object
) -> None:
    code = f"from decimal import Decimal\ndef handler(event, context): return {expression}"
    assert functions.invoke(write(code), {}).payload == payload


def test_a_worker_stays_warm_and_keeps_its_state(functions: Functions, write: Write) -> None:
    function = write("""
        import os
        calls = []
        def handler(event, context):
            calls.append(event)
            return os.getpid(), calls
    """)
    cold, warm = functions.invoke(function, 1), functions.invoke(function, 2)
    assert (cold.payload[1], warm.payload[1]) == ([1], [1, 2])
    assert cold.payload[0] == warm.payload[0]
    assert cold.init_ms > 0.0 == warm.init_ms


def test_megabytes_go_both_ways(functions: Functions, write: Write) -> None:
    result = functions.invoke(write("def handler(event, context): return event"), "x" * 5_000_000)
    assert len(result.payload) == 5_000_000


NOISY = """
    import logging, os, subprocess, sys
    print("imported")
    def handler(event, context):
        print("printed\\n\\nagain")
        print("no line end", end="", file=sys.stderr)
        os.write(1, b"\\nraw \\xff\\n")
        subprocess.run(["/bin/echo", "from a child"])
        logging.getLogger().warning("two\\nlines")
        context.log("by the context")
        return "still readable"
"""


def test_what_is_printed_becomes_log_events_and_never_part_of_the_answer(
    functions: Functions, write: Write, log: Log
) -> None:
    result = functions.invoke(write(NOISY), {})
    assert (result.error, result.payload) == (None, "still readable")
    imported, start, *printed, warning, by_context, end, report = result.log_lines
    assert (imported, start) == ("imported", f"START RequestId: {result.request_id} Version: 7")
    assert printed == ["printed", "again", "no line end", "raw \ufffd", "from a child"]
    assert re.fullmatch(rf"\[WARNING\]\t\d{{4}}-\S+Z\t{result.request_id}\ttwo\nlines", warning)
    assert (by_context, end) == ("by the context", f"END RequestId: {result.request_id}")
    assert re.fullmatch(REPORT, report)
    functions.close()
    [(group, stream, lines)] = log
    assert (group, tuple(lines)) == ("/aws/lambda/greet", result.log_lines)
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[7\][0-9a-f]{32}", stream)


def test_a_flood_of_output_is_cut_and_the_answer_comes(functions: Functions, write: Write) -> None:
    function = write("""
        import threading
        def flood():
            while True: print("x" * 1000)
        def handler(event, context):
            print("y" * 10_000_000)
            threading.Thread(target=flood, daemon=True).start()
            return "done"
    """)
    for _ in range(2):
        result = functions.invoke(function, {})
        assert result.payload == "done"
        assert sum(map(len, result.log_lines)) < 1_100_000


def test_a_log_that_hangs_does_not_hold_the_answer_back(write: Write) -> None:
    release = threading.Event()
    written: list[Any] = []

    def hang(function: Function, stream: str, lines: list[str]) -> None:
        release.wait(20)
        written.append(lines)

    runner = Functions(lambda function: {}, "http://127.0.0.1:4566", "us-east-1", hang)
    try:
        function = write("def handler(event, context): return event")
        assert [runner.invoke(function, n).payload for n in range(3)] == [0, 1, 2]
        assert written == []
    finally:
        release.set()
        runner.close()
    assert len(written) == 3


def test_a_log_that_fails_loses_its_entry_only(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    written: list[str] = []

    def fail_once(function: Function, stream: str, lines: list[str]) -> None:
        written.append(stream)
        if len(written) == 1:
            raise OSError("disk full")

    runner = Functions(lambda function: {}, "http://127.0.0.1:4566", "us-east-1", fail_once)
    function = write("def handler(event, context): return event")
    runner.invoke(function, 1)
    runner.invoke(function, 2)
    runner.close()
    assert len(written) == 2
    assert "log of function greet not written" in caplog.text
