"""The SAM transform depends on the template alone, not on the AWS settings of whoever runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BROKEN = "[profile\nnot an ini file"


def test_the_users_own_aws_settings_play_no_part(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(BROKEN)
    own = {"AWS_PROFILE": "nowhere", "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_DEFAULT_REGION": "eu-west-1"}
    template: dict[str, Any] = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    request = {"template": template, "parameters": {}, "region": "us-east-1"}
    ran = subprocess.run(
        [sys.executable, "-m", "localcloud.aws.sam"],
        input=json.dumps(request),
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["Resources"] == template["Resources"]
