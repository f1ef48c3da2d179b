"""What a warm invoke costs over the handler's own time, in milliseconds."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from localcloud.aws.functions import Function, Functions

_HANDLER = """
import time
def handler(event, context):
    began = time.perf_counter()
    event["response"] = {}
    return {**event, "spent": time.perf_counter() - began}
"""
_EVENT = {
    "version": "1",
    "userName": "u",
    "request": {"userAttributes": {"email": "u@example.com"}, "padding": "x" * 1000},
}


def warm_invoke_ms(folder: Path, rounds: int = 500) -> float:
    """The median over so many invokes of one warm function."""
    folder.mkdir()
    (folder / "code.py").write_text(_HANDLER)
    function = Function(
        name="bench",
        arn="arn:aws:lambda:us-east-1:000000000000:function:bench",
        handler="code.handler",
        timeout=5.0,
        memory_mb=128,
        role_arn="",
        environment={},
        package=folder,
        log_group="bench",
        version="1",
        runtime="python3.11",
    )
    functions = Functions(lambda _: {}, "http://127.0.0.1:1", "us-east-1", lambda *_: None)
    try:
        functions.invoke(function, _EVENT)
        return statistics.median(_overhead(functions, function) for _ in range(rounds))
    finally:
        functions.close()


def _overhead(functions: Functions, function: Function) -> float:
    began = time.perf_counter()
    result = functions.invoke(function, _EVENT)
    took = time.perf_counter() - began
    return (took - float(result.payload["spent"])) * 1000
