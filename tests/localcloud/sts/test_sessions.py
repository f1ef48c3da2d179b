"""Sessions of AssumeRole follow the cloud's clock, and survive a kill."""

from __future__ import annotations

from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import role, trusts, user


def test_a_session_survives_a_kill_and_ends_by_the_clouds_clock(fresh_cloud: LocalCloud) -> None:
    fresh_cloud.options = ("--no-stack",)
    ada = user(fresh_cloud.start())
    session = ada.assume(role(fresh_cloud, trusts({"AWS": ada.arn})), DurationSeconds=900)
    fresh_cloud.kill()
    fresh_cloud.start()
    sts, s3 = session.client("sts"), session.client("s3")
    assert sts.get_caller_identity()["Arn"] == session.arn
    fresh_cloud.advance(890)
    assert s3.list_buckets()["Buckets"] == []
    fresh_cloud.advance(11)
    assert code_of(sts.get_caller_identity) == "ExpiredToken"
    assert code_of(s3.list_buckets) == "ExpiredToken"
