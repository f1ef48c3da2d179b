"""One worker process of one function: started clean, asked over a socket, killed as a whole group.

It is no sandbox: the handler runs as the user who runs the local cloud. What it guarantees is that a handler sees
what it would see on AWS and nothing of the server's own environment or packages.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from localcloud.aws import worker
from localcloud.aws.function import Function

MAX_OUTPUT_BYTES = 1024 * 1024
# The base interpreter, without site (-S): packages of this virtual environment, or of the system, would hide that one
# is missing from the build. -B: on AWS the package is read-only.
_INTERPRETER = [sys._base_executable, "-I", "-S", "-B", "-u", "-X", "utf8"]  # type: ignore[attr-defined]
_COMMAND = [*_INTERPRETER, str(Path(worker.__file__).resolve())]
_CHUNK = 256 * 1024
_READS_AT_ONCE = 16


class WorkerTimeoutError(Exception):
    """The deadline passed before the worker answered."""


class WorkerExitError(Exception):
    """The worker process ended. The text says how, in Lambda's words."""


class ExecutionEnvironment:
    """A worker process. Used by one thread at a time. Whoever made it must `kill` it."""

    def __init__(self, function: Function, variables: Mapping[str, str], lifeline: int, expires_at: float) -> None:
        """Start the process with these variables. Raises WorkerExitError when it cannot be started.

        `lifeline` is the read end of a pipe: its end of file kills the worker. `expires_at` and `idle_since` are the
        pool's, to keep.
        """
        self.function = function
        self.log_stream = variables["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.expires_at = expires_at
        self.idle_since = 0.0
        self.warm = False
        self.peak_mb = 0
        self._output = bytearray()
        self._channel, far_end = socket.socketpair()
        near_print, far_print = os.pipe()
        os.set_blocking(near_print, False)
        self._printed = os.fdopen(near_print, "rb", buffering=0)
        try:
            self._process = subprocess.Popen(
                [*_COMMAND, str(far_end.fileno()), str(lifeline)],
                stdin=subprocess.DEVNULL,
                stdout=far_print,
                stderr=far_print,
                pass_fds=(far_end.fileno(), lifeline),
                cwd=function.package,
                env=variables,
                start_new_session=True,
            )
        except OSError as error:
            self._channel.close()
            self._printed.close()
            raise WorkerExitError(f"no worker could be started: {error}") from error
        finally:
            far_end.close()
            os.close(far_print)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._channel, selectors.EVENT_READ)
        self._selector.register(self._printed, selectors.EVENT_READ)

    def is_waiting(self) -> bool:
        """Whether an idle worker waits for work: one that has ended, or speaks unasked, does not."""
        self._channel.setblocking(False)
        try:
            self._channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def wait_until_ready(self, deadline: float) -> tuple[bytes, bytes]:
        """The reply to the import of the handler: its kind and text. Raises WorkerTimeoutError, WorkerExitError."""
        reply = self._receive(deadline)
        self.warm = reply[0] == worker.READY
        return reply

    def call(self, request: bytes, deadline: float) -> tuple[bytes, bytes]:
        """Send one request and give the kind and text of the reply. Raises WorkerTimeoutError, WorkerExitError."""
        self._channel.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            self._channel.sendall(worker.REQUEST.pack(len(request)) + request)
        except TimeoutError:
            raise WorkerTimeoutError from None
        except OSError:
            raise WorkerExitError(self.kill()) from None
        return self._receive(deadline)

    def take_output(self) -> list[str]:
        """What the function printed since the last call, as log events."""
        if not self._printed.closed:
            self._read_output()
        text = self._output.decode("utf-8", "replace")
        self._output.clear()
        return [event.replace("\r", "\n") for event in text.split("\n") if event]

    def kill(self) -> str:
        """End the worker and all that it started; give how it had ended, in Lambda's words. May be called again."""
        self.warm = False
        if self._process.returncode is None:
            # Not waited for yet, so the process id is still its own, even when it has ended by itself.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._read_output()
            self._selector.close()
            self._channel.close()
            self._printed.close()
        return _describe_exit(self._process.returncode)

    def _receive(self, deadline: float) -> tuple[bytes, bytes]:
        self._channel.setblocking(False)
        data = bytearray()
        while not self._is_whole(data):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise WorkerTimeoutError
            for key, _ in self._selector.select(remaining):
                if key.fileobj is self._printed:
                    self._read_output()
                else:
                    data += self._read_channel()
        kind, self.peak_mb, _ = worker.REPLY.unpack_from(data)
        return kind, bytes(data[worker.REPLY.size :])

    def _read_channel(self) -> bytes:
        try:
            chunk = self._channel.recv(_CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            chunk = b""
        if not chunk:
            raise WorkerExitError(self.kill())
        return chunk

    def _is_whole(self, data: bytearray) -> bool:
        if len(data) < worker.REPLY.size:
            return False
        kind, _, length = worker.REPLY.unpack_from(data)
        missing: int = worker.REPLY.size + length - len(data)
        # A handler can write to the channel itself: what is no reply ends the worker, and never the server's memory.
        if kind not in worker.REPLY_KINDS or length > worker.MAX_PAYLOAD_BYTES or missing < 0:
            raise WorkerExitError(self.kill())
        return missing == 0

    def _read_output(self) -> None:
        # A handler that prints without end must neither hold the answer back nor fill the server's memory.
        for _ in range(_READS_AT_ONCE):
            chunk = self._printed.read(_CHUNK)
            if not chunk:
                break
            self._output += chunk[: MAX_OUTPUT_BYTES - len(self._output)]
        else:
            return
        if chunk == b"":
            with contextlib.suppress(KeyError):
                self._selector.unregister(self._printed)


def _describe_exit(status: int) -> str:
    if status == 0:
        return "Runtime exited without providing a reason"
    if status > 0:
        return f"Runtime exited with error: exit status {status}"
    name = signal.strsignal(-status) or str(-status)
    return f"Runtime exited with error: signal: {name.split(':')[0].lower()}"
