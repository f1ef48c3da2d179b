"""The worker process of a function: imports the handler, then answers one event after another.

`execution_environment.py` runs this file as a script, with nothing but the standard library and the function's package
on its path, and imports it for the wire format. Behaves as AWS's Python runtime does (awslambdaric is the reference).

A request is a length and the JSON of [request id, deadline in monotonic seconds, function ARN, event, seconds by which
the cloud's clock is ahead].
A reply is a kind, the peak memory in MB, a length and a JSON text.
"""

from __future__ import annotations

import _thread
import decimal
import importlib
import json
import logging
import os
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

REQUEST = struct.Struct(">I")
REPLY = struct.Struct(">cII")
REPLY_KINDS = READY, INIT_FAILED, PAYLOAD, FAILED = b"R", b"I", b"P", b"F"
# Lambda takes 6 MB and gives back 100 bytes more.
MAX_EVENT_BYTES = 6 * 1024 * 1024
MAX_PAYLOAD_BYTES = MAX_EVENT_BYTES + 100


class RuntimeFaultError(Exception):
    """A failure that the runtime finds itself, under Lambda's name for it."""

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.trace = trace or []


class CognitoIdentity:
    """The identity that a mobile SDK calls with; empty for events of other services."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


class Context:
    """What Lambda hands to a handler beside the event."""

    client_context = None

    def __init__(self, request_id: str, deadline: float, function_arn: str) -> None:
        self.aws_request_id = request_id
        self.invoked_function_arn = function_arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = CognitoIdentity()
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the worker is killed, never below 0."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, message: object) -> None:
        """Write one log event."""
        write_event(str(message))


class MovedClock:
    """Stands for `time.time`: functions follow the cloud's clock. `datetime` does not, and so requests are signed."""

    def __init__(self) -> None:
        self._time = time.time
        self.ahead = 0.0

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return self._time() + self.ahead


class RootLog(logging.Handler):
    """The handler that Lambda puts on the root logger."""

    request_id = ""

    def __init__(self) -> None:
        super().__init__()
        layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        self.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))

    def filter(self, record: logging.LogRecord) -> Any:
        """Give the record the request id that the layout names."""
        record.aws_request_id = self.request_id
        return super().filter(record)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record as one log event."""
        write_event(self.format(record))


def write_event(text: str) -> None:
    """Write one log event: line feeds divide events, carriage returns the lines within one."""
    sys.stdout.write(text.rstrip("\n").replace("\n", "\r") + "\n")


def load_handler(name: str) -> Callable[[Any, Context], Any]:
    """Import `package.module.function`. Raises RuntimeFaultError, or what the module itself raises."""
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise RuntimeFaultError("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise RuntimeFaultError(
            "Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module"
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFaultError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFaultError("Runtime.UserCodeSyntaxError", message, [place]) from error
    try:
        handler: Callable[[Any, Context], Any] = getattr(module, function_name)
    except AttributeError as error:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise RuntimeFaultError("Runtime.HandlerNotFound", message) from error
    return handler


def encode(value: object) -> bytes:
    """The JSON of what a handler returned. Bytes are taken as JSON already. Raises RuntimeFaultError."""
    if isinstance(value, bytes):
        return value
    try:
        return json.dumps(value, default=_plain, allow_nan=False).encode()
    except Exception as error:
        raise RuntimeFaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _plain(value: object) -> object:
    # What Lambda's encoder knows beyond the standard one; DynamoDB's numbers are Decimals.
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def describe(error: BaseException, request_id: str) -> bytes:
    """Log an error as Lambda does and give the JSON that the caller is answered."""
    if isinstance(error, RuntimeFaultError):
        error_type, trace = error.error_type, error.trace
    else:
        error_type, trace = type(error).__name__, _user_frames(error.__traceback__)
    lines = [f"[ERROR] {error_type}: {error}", "Traceback (most recent call last):", *(line.rstrip() for line in trace)]
    write_event("\n".join(lines))
    document = {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}
    return json.dumps(document).encode()


def _user_frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    while frames and frames[0].filename == __file__:
        del frames[0]
    return traceback.format_list(frames)


def answer(
    handler: Callable[[Any, Context], Any], request: bytes, log: RootLog, clock: MovedClock
) -> tuple[bytes, bytes]:
    """Run the handler on one request and give the reply's kind and text."""
    request_id, deadline, function_arn, event, clock.ahead = json.loads(request)
    log.request_id = request_id
    try:
        kind, text = PAYLOAD, encode(handler(event, Context(request_id, deadline, function_arn)))
    except Exception as error:
        kind, text = FAILED, describe(error, request_id)
    if len(text) > MAX_PAYLOAD_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
        document = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
        return FAILED, json.dumps(document).encode()
    return kind, text


def receive(channel: int) -> bytes:
    """The next request; empty when the server has closed the channel."""
    header = _read(channel, REQUEST.size)
    return _read(channel, REQUEST.unpack(header)[0]) if header else b""


def _read(channel: int, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = os.read(channel, size - len(data))
        if not chunk:
            return b""
        data += chunk
    return bytes(data)


def send(channel: int, kind: bytes, text: bytes) -> None:
    """Write one reply, after all that was printed for it."""
    sys.stdout.flush()
    sys.stderr.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    rest = memoryview(REPLY.pack(kind, peak, len(text)) + text)
    while rest:
        rest = rest[os.write(channel, rest) :]


def die_with(lifeline: int) -> None:
    """Kill this process and all that it started once the server is gone, even one that was killed."""
    os.read(lifeline, 1)
    os.kill(0, signal.SIGKILL)


def main(channel: int, lifeline: int) -> None:
    """Import the handler, say so, and answer requests until the server closes the channel."""
    for descriptor in (channel, lifeline):
        os.set_inheritable(descriptor, False)
    # A forked child that outlives this process would keep the server waiting for the end of the channel.
    os.register_at_fork(after_in_child=lambda: os.close(channel))
    _thread.start_new_thread(die_with, (lifeline,))
    logging.Formatter.converter = time.gmtime
    logging.getLogger().addHandler(log := RootLog())
    time.time = clock = MovedClock()
    sys.argv[1:] = []
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        send(channel, INIT_FAILED, describe(error, ""))
        sys.exit(1)
    send(channel, READY, b"")
    while request := receive(channel):
        send(channel, *answer(handler, request, log, clock))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
