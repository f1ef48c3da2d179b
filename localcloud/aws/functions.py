"""Runs Lambda functions: warm workers for each function, more of them while it is busy, none before the first call."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.aws import worker
from localcloud.aws.environment_variables import environment_variables
from localcloud.aws.execution_environment import ExecutionEnvironment, WorkerExitError
from localcloud.aws.function import Function, FunctionError, Result
from localcloud.aws.function_log import FunctionLog, Write
from localcloud.aws.invocation import Invocation
from localcloud.aws.worker_pool import ThrottledError, WorkerPool
from localcloud.faults import Fault, Faults

# Role credentials last an hour; a worker gives way to one with new credentials well before.
RECYCLE_SECONDS = 45 * 60.0

__all__ = ["Function", "FunctionError", "Functions", "Result"]


class Functions:
    """The runner of all functions. Thread-safe. `close` ends every worker; so does the death of this process."""

    def __init__(
        self,
        credentials: Callable[[Function], Mapping[str, str]],
        endpoint_url: str,
        region: str,
        log: Write,
        max_workers_per_function: int = 10,
        now: Callable[[], float] = time.monotonic,
        ahead: Callable[[], float] = lambda: 0.0,
        faults: Faults | None = None,
    ) -> None:
        """`credentials` gives the role's AWS_* variables, asked for at each worker's start.

        `log` is called on a thread of its own with the events of each invocation; `now` (seconds) is the clock that
        the credentials expire by, and `ahead` how far the functions' own clock is ahead of this machine's. `faults` are
        what calls are to get wrong.
        """
        self._credentials = credentials
        self._endpoint_url = endpoint_url
        self._region = region
        self._max_workers = max_workers_per_function
        self._now = now
        self._ahead = ahead
        self._log = FunctionLog(log)
        self._pools: dict[str, WorkerPool] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._ending = threading.Event()
        self._faults = faults or Faults()
        # Open for as long as this process lives, however it ends: the end of file tells the workers that it is gone.
        self._lifeline, self._server_end = os.pipe()

    def invoke(self, function: Function, event: Any, deadline: float | None = None) -> Result:
        """Run the function on an event (a JSON value) and wait for its answer; a failure is in the result.

        It is stopped `function.timeout` seconds from now, or at `deadline` (a `time.monotonic()`) if that is sooner;
        waiting for a free worker, its start and the import count. Raises what `credentials` raises, and RuntimeError
        after `close`.
        """
        invocation = Invocation.start(function, deadline)
        if not function.runtime.startswith("python"):
            message = f"The runtime {function.runtime} is not supported: only Python functions run here."
            return invocation.refuse("InvalidRuntimeException", message)
        request = json.dumps([invocation.request_id, invocation.deadline, function.arn, event, self._ahead()]).encode()
        if len(request) > worker.MAX_EVENT_BYTES:
            message = f"{len(request)} byte payload is too large (limit {worker.MAX_EVENT_BYTES} bytes)"
            return invocation.refuse("RequestTooLargeException", message)
        fault = self._faults.take(function.name)
        if fault is not None and (spoilt := self._spoil(invocation, fault)) is not None:
            return spoilt
        pool = self._pool(function.arn)
        try:
            environment = pool.acquire(function, invocation.deadline, cold=fault is not None and fault.cold_start)
        except ThrottledError:
            return invocation.refuse("TooManyRequestsException", "Rate Exceeded.")
        except WorkerExitError as error:
            return invocation.refuse("Runtime.ExitError", f"RequestId: {invocation.request_id} Error: {error}")
        try:
            result = invocation.run(environment, request)
        finally:
            pool.release(environment)
        self._log.put(function, environment.log_stream, list(result.log_lines))
        return result

    def retire(self) -> None:
        """End every worker, those in the middle of an event when they are done; the next event starts a new one."""
        with self._lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()

    def close(self) -> None:
        """End every worker, also one in the middle of an event, and write what is left of the log."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._ending.set()
        os.close(self._server_end)
        for pool in self._pools.values():
            pool.close()
        os.close(self._lifeline)
        self._log.close()

    def _spoil(self, invocation: Invocation, fault: Fault) -> Result | None:
        """What becomes of an invocation that this is to happen to; None: it runs, later or in a new worker."""
        self._ending.wait(min(fault.delay_seconds, max(invocation.deadline - time.monotonic(), 0.0)))
        if time.monotonic() >= invocation.deadline:
            return invocation.time_out()
        return invocation.fail(fault.error) if fault.error else None

    def _pool(self, function_arn: str) -> WorkerPool:
        with self._lock:
            if self._closed:
                raise RuntimeError("the function runner is closed")
            if function_arn not in self._pools:
                self._pools[function_arn] = WorkerPool(self._start, self._max_workers, self._now)
            return self._pools[function_arn]

    def _start(self, function: Function) -> ExecutionEnvironment:
        expires_at = self._now() + RECYCLE_SECONDS
        log_stream = time.strftime("%Y/%m/%d/", time.gmtime()) + f"[{function.version}]{uuid.uuid4().hex}"
        variables = environment_variables(function, log_stream, self._region, self._endpoint_url)
        return ExecutionEnvironment(function, {**variables, **self._credentials(function)}, self._lifeline, expires_at)
