"""Administrators with keys of their own, who may do what the documentation says, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.docs.pages import blocks
from tests.journeys.cli import Cli
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import user


def operator(cloud: LocalCloud, policy: Mapping[str, Any]) -> Cli:
    """The command with the keys of a new IAM user."""
    keys = user(cloud, *policy["Statement"]).keys
    return Cli(cloud, {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"]})


def documented_policy(cloud: LocalCloud) -> dict[str, Any]:
    """The policy of the administrators' page, for this stack."""
    (text,) = [block.text for block in blocks("docs/administration.md") if block.language == "json"]
    for written, here in {
        "eu-west-1_AbCdEf123": cloud.outputs["UserPoolId"],
        "gatehouse-prod-123456789012-eu-west-1": cloud.outputs["UserDataBucket"],
        "gatehouse-prod-user-data": cloud.outputs["UserDataTable"],
        "gatehouse-prod-app-data": cloud.outputs["AppDataTable"],
        "gatehouse-prod-cut-off": cloud.outputs["CutOffFunction"].split(":")[6],
        "eu-west-1": "us-east-1",
        "123456789012": "000000000000",
    }.items():
        text = text.replace(written, here)
    policy: dict[str, Any] = json.loads(text)
    return policy
