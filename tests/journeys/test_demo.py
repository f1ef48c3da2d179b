"""`gatehouse demo` in a process of its own: its story ends well, and a line that does not hold makes it fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from localcloud.aws.stack import transform_cache
from tests.local_cloud import ROOT, LocalCloud

PROGRAM = Path(sys.executable).with_name("gatehouse")


def demo(outputs: Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GATEHOUSE_"))}
    command = [str(PROGRAM), "demo", "--outputs", str(outputs)]
    return subprocess.run(command, env=clean, cwd=folder, capture_output=True, text=True, timeout=90, check=False)


def test_it_ends_well_against_a_running_cloud(cloud: LocalCloud) -> None:
    cloud.advance(5 * 3600)  # whoever tries things out moves the clock
    ran = demo(cloud.data_dir / "outputs.json")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[-1].startswith("all ")
    assert lines[-1].endswith(" lines are as they should be")
    steps = [line for line in lines if line.lstrip()[:1].isdigit()]
    assert [int(line.split(".")[0]) for line in steps] == list(range(1, len(steps) + 1))
    for asked in ("SignUp", "USER_SRP_AUTH", "SOFTWARE_TOKEN_MFA", "DEVICE_SRP_AUTH", "GetCredentialsForIdentity"):
        assert asked in ran.stdout
    table = lines[lines.index("") + 1 :]
    assert any(line.startswith("Ann") and "allowed" in line for line in table)
    assert any(line.startswith("Bob") and "denied" in line and "s3:GetObject" in line for line in table)
    assert any(line.startswith("guest") and "denied" in line for line in table)
    assert "NOT AS EXPECTED" not in ran.stdout


def test_it_brings_up_a_cloud_of_its_own(tmp_path: Path) -> None:
    stale = tmp_path / "outputs.json"
    stale.write_text(json.dumps({"Region": "us-east-1", "EndpointUrl": "http://127.0.0.1:9"}))
    ran = demo(stale)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1].endswith(" lines are as they should be")


def test_it_says_why_there_is_no_cloud(tmp_path: Path) -> None:
    ran = demo(tmp_path / "outputs.json", folder=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: the local cloud did not start:")
    assert "cloudformation/backend.yaml: No such file or directory" in ran.stderr


def test_a_line_that_does_not_hold_makes_it_fail(cloud: LocalCloud, tmp_path: Path) -> None:
    # The SAM transform is the slow part of a first start, and the same with IAM and without.
    shutil.copy(transform_cache(cloud.data_dir), transform_cache(tmp_path))
    open_cloud = LocalCloud(tmp_path, ("--iam", "off")).start()
    try:
        ran = demo(open_cloud.data_dir / "outputs.json")
    finally:
        open_cloud.stop()
    assert ran.returncode == 1
    wrong = [line for line in ran.stdout.splitlines() if line.endswith("<-- NOT AS EXPECTED")]
    assert wrong
    assert all("allowed" in line and "nothing stopped it" in line for line in wrong)
    assert ran.stderr.startswith(f"error: {len(wrong)} of ")
