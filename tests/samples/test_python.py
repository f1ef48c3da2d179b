"""The Python sample tells its whole story against a local cloud, and stops where something is not as it should be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.local_cloud import LocalCloud
from tests.samples.running import SAMPLES, altered, check_stopped, check_told, run


def tell(outputs: Path) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, SAMPLES / "python/main.py", "--outputs", outputs])


def test_the_story(cloud: LocalCloud) -> None:
    check_told(tell(cloud.data_dir / "outputs.json"))


def test_a_missing_outputs_file_is_one_line(tmp_path: Path) -> None:
    check_stopped(tell(tmp_path / "none.json"), "there is no .*none.json")


def test_a_step_that_fails_stops_the_story(cloud: LocalCloud, tmp_path: Path) -> None:
    outputs = altered(cloud.outputs, tmp_path, AppClientId="1" * 26)
    check_stopped(tell(outputs), "the user signs up as .*: ResourceNotFound: .*")


def test_a_cloud_that_lets_one_write_to_others_is_found_out(tmp_path: Path) -> None:
    careless = LocalCloud(tmp_path / "data", ("--iam", "off")).start()
    try:
        told = tell(careless.data_dir / "outputs.json")
    finally:
        careless.stop()
    check_stopped(told, "the user is refused a file under .*: expected AccessDenied, got nothing")
