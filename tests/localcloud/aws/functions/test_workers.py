"""The life of worker processes: more when busy, no more than allowed, replaced when stale, gone with the server."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from localcloud.aws.functions import Function, Functions
from tests.localcloud.aws.functions.conftest import Log, Write, wait_for_end

WHO = "import os\ndef handler(event, context): return os.getpid()"
# Returns once as many workers as the event asks for are in it together.
MEET = """
    import os, time
    def handler(event, context):
        folder, wanted = event
        open(os.path.join(folder, str(os.getpid())), "w").close()
        while len(os.listdir(folder)) < wanted: time.sleep(0.005)
        return os.getpid()
"""


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def in_threads(count: int, call: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(count) as threads:
        return [future.result() for future in [threads.submit(call) for _ in range(count)]]


def test_concurrent_calls_get_workers_of_their_own_and_share_them_later(
    functions: Functions, write: Write, tmp_path: Path
) -> None:
    (tmp_path / "met").mkdir()
    function = write(MEET)
    pids = in_threads(3, lambda: functions.invoke(function, [str(tmp_path / "met"), 3]).payload)
    assert len({*pids}) == 3
    later = in_threads(3, lambda: functions.invoke(function, ["/", 0]).error)
    assert len(later) == 3
    assert {functions.invoke(function, [str(tmp_path / "met"), 1]).payload} <= {*pids}


def test_a_call_beyond_the_most_workers_waits_for_one(functions: Functions, write: Write) -> None:
    function = write(f"import time\n{WHO}\ndef slow(event, context): time.sleep(0.1); return os.getpid()", "app.slow")
    pids = in_threads(6, lambda: functions.invoke(function, {}).payload)
    assert None not in pids
    assert len({*pids}) <= 3


def test_a_call_for_which_no_worker_comes_free_is_throttled(functions: Functions, write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "met"
    folder.mkdir()
    function = write(MEET)
    with ThreadPoolExecutor(3) as threads:
        busy = [threads.submit(functions.invoke, function, [str(folder), 4]) for _ in range(3)]
        while len(names(folder)) < 3:
            time.sleep(0.005)
        error = functions.invoke(function, {}, deadline=time.monotonic() + 0.2).error
        (folder / "go").touch()
        assert all(future.result().error is None for future in busy)
    assert error is not None
    assert (error.kind, error.error_type, error.message) == ("Refused", "TooManyRequestsException", "Rate Exceeded.")


def test_a_worker_outlives_the_thread_that_started_it(functions: Functions, write: Write) -> None:
    function = write(WHO)
    pids = [in_threads(1, lambda: functions.invoke(function, {}).payload) for _ in range(2)]
    assert pids[0] == pids[1]


def test_a_worker_that_died_while_idle_is_replaced_unseen(functions: Functions, write: Write) -> None:
    function = write(WHO)
    pid = functions.invoke(function, {}).payload
    os.kill(pid, signal.SIGKILL)
    if hasattr(os, "waitid"):  # its first thread may end before the others, which hold the channel open
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    wait_for_end(pid)
    result = functions.invoke(function, {})
    assert result.error is None
    assert result.payload != pid


def test_a_function_deployed_anew_gets_a_new_worker(functions: Functions, write: Write) -> None:
    function = write("import os\ndef handler(event, context): return os.environ['TABLE'], os.getpid()")
    old = functions.invoke(function, {}).payload
    new = functions.invoke(dataclasses.replace(function, environment={"TABLE": "other"}), {}).payload
    assert (old[0], new[0]) == ("people", "other")
    wait_for_end(old[1])


def test_a_worker_is_replaced_before_its_credentials_expire(write: Write) -> None:
    clock = [0.0]
    issued = iter(range(9))
    runner = Functions(
        lambda function: {"AWS_SESSION_TOKEN": str(next(issued))},
        "http://127.0.0.1:4566",
        "us-east-1",
        lambda function, stream, lines: None,
        now=lambda: clock[0],
    )
    function = write("import os\ndef handler(event, context): return os.environ['AWS_SESSION_TOKEN']")
    seen = []
    for clock[0] in (0, 44 * 60, 46 * 60, 60 * 60):
        seen.append(runner.invoke(function, {}).payload)
    runner.close()
    assert seen == ["0", "0", "1", "1"]


def test_credentials_that_cannot_be_had_take_no_worker_away(write: Write) -> None:
    def refuse(function: Function) -> dict[str, str]:
        raise PermissionError("the role trusts somebody else")

    runner = Functions(refuse, "http://127.0.0.1:4566", "us-east-1", print, max_workers_per_function=1)
    for _ in range(2):
        with pytest.raises(PermissionError):
            runner.invoke(write(WHO), {})
    runner.close()


def test_close_ends_idle_and_busy_workers_and_takes_no_more(
    functions: Functions, write: Write, tmp_path: Path, log: Log
) -> None:
    folder = tmp_path / "met"
    folder.mkdir()
    before = len(names(Path("/dev/fd")))
    function = write(MEET)
    idle = functions.invoke(dataclasses.replace(function, arn="another"), [str(folder), 1]).payload
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(functions.invoke, function, [str(folder), 9])
        while len(names(folder)) < 2:
            time.sleep(0.005)
        functions.close()
        error = busy.result(timeout=5).error
    assert error is not None
    assert error.error_type == "Runtime.ExitError"
    for name in names(folder):
        wait_for_end(int(name))
    assert str(idle) in names(folder)
    assert len(log) == 2
    assert len(names(Path("/dev/fd"))) <= before - 2  # the lifeline's two ends, and nothing left of the workers
    with pytest.raises(RuntimeError):
        functions.invoke(function, {})


SERVER = """
import sys
from pathlib import Path
from localcloud.aws.functions import Function, Functions
runner = Functions(lambda function: {}, "http://127.0.0.1:4566", "us-east-1", print)
folder = Path(sys.argv[1])
def function(handler):
    return Function(handler, handler, handler, 60, 128, "", {}, folder, "", "1", "python3.11")
print(runner.invoke(function("app.who"), {}).payload, flush=True)
runner.invoke(function("app.spin"), {})
"""


def test_workers_die_with_a_server_that_is_killed(write: Write) -> None:
    function = write("""
        import os, subprocess
        def who(event, context): return os.getpid()
        def spin(event, context):
            child = subprocess.Popen(["/bin/sleep", "60"])
            with open("pids.new", "w") as file: file.write(f"{os.getpid()} {child.pid}")
            os.rename("pids.new", "pids")
            while True: pass
    """)
    command = [sys.executable, "-c", SERVER, str(function.package)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[4])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as server:
        assert server.stdout is not None
        idle = int(server.stdout.readline())
        while not (function.package / "pids").exists():
            time.sleep(0.005)
        server.kill()
        server.wait()
        for pid in (idle, *map(int, (function.package / "pids").read_text().split())):
            wait_for_end(pid)


def test_many_threads_on_few_workers_lose_nothing(functions: Functions, write: Write) -> None:
    function = write("def handler(event, context): return event")
    answers: list[object] = []
    lock = threading.Lock()

    def call(numbers: range) -> None:
        for number in numbers:
            result = functions.invoke(function, number)
            with lock:
                answers.append(result.payload)

    threads = [threading.Thread(target=call, args=(range(n * 50, n * 50 + 50),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == sorted(range(400), key=str)
