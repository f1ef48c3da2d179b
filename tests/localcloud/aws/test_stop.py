"""A clean stop keeps everything, whatever port comes next; a reset keeps nothing; one process has one engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.aws.seams import EngineError
from tests.localcloud.aws import killed_engine
from tests.localcloud.aws.local_engine import PORT, LocalEngine, items


def test_a_clean_stop_keeps_the_same_and_urls_follow_the_port(tmp_path: Path) -> None:
    with LocalEngine(tmp_path / "data") as local:
        url = killed_engine.deploy(local, tmp_path)["ApiUrl"]
        killed_engine.write(local)
    with LocalEngine(tmp_path / "data", port=PORT + 1) as local:
        assert killed_engine.deploy(local, tmp_path)["ApiUrl"] == url.replace(str(PORT), str(PORT + 1))
        assert items(local, "restart") == {"1": "2", "2": "0", "3": "9"}


def test_a_reset_forgets_everything(tmp_path: Path) -> None:
    with LocalEngine(tmp_path / "data") as local:
        url = killed_engine.deploy(local, tmp_path)["ApiUrl"]
        killed_engine.write(local)
        local.wait(local.engine.reset())
        assert local.call("s3", "ListBuckets")["Buckets"] == []
        assert local.call("iam", "ListUsers")["Users"] == []
        assert killed_engine.deploy(local, tmp_path)["ApiUrl"] != url
        assert items(local, "restart") == {}
    with LocalEngine(tmp_path / "data") as local:
        assert items(local, "restart") == {}


def test_one_process_has_one_engine(tmp_path: Path) -> None:
    with (
        LocalEngine(tmp_path / "one"),
        pytest.raises(EngineError, match="another engine"),
        LocalEngine(tmp_path / "two"),
    ):
        pass
