"""Functions follow the cloud's clock by `time.time()`; what they sign is dated by this machine's."""

from __future__ import annotations

import time

from localcloud.aws.functions import Functions
from tests.localcloud.aws.functions.conftest import CREDENTIALS, Write

CODE = """
import datetime, time
def handler(event, context):
    return [time.time(), datetime.datetime.now(datetime.timezone.utc).timestamp()]
"""


def test_time_follows_the_cloud_at_each_event(write: Write) -> None:
    moved = [0.0]
    runner = Functions(lambda _: CREDENTIALS, "http://127.0.0.1:1", "us-east-1", print, ahead=lambda: moved[0])
    try:
        function = write(CODE)
        for ahead in (0.0, 86400.0, 90000.0):
            moved[0] = ahead
            seen, real = runner.invoke(function, {}).payload
            assert abs(seen - time.time() - ahead) < 10
            assert abs(real - time.time()) < 10
    finally:
        runner.close()
