"""An SES identity that a parameter of the template names can send at once; nobody else's can, and no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.errors import AwsError
from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine

OTHER_ACCOUNT = "111111111111"


def deploy(local: LocalEngine, folder: Path, **values: str) -> None:
    template, parameters = folder / "template.yaml", folder / "parameters.json"
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "senders"}}
    declared = {name: {"Type": "String"} for name in values}
    template.write_text(json.dumps({"Parameters": declared, "Resources": {"Group": group}}))
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]
    parameters.write_text(json.dumps(given))
    local.deploy(template, parameters, stack_name="senders")


def send(local: LocalEngine, sender: str, region: str = "") -> None:
    content: dict[str, Any] = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    to = {"ToAddresses": ["ada@example.com"]}
    local.call("sesv2", "SendEmail", region, FromEmailAddress=sender, Destination=to, Content=content)


def arn(name: str, account: str = ACCOUNT, region: str = "us-east-1") -> str:
    return f"arn:aws:ses:{region}:{account}:identity/{name}"


def test_identities_that_parameters_name_are_verified(local: LocalEngine, tmp_path: Path) -> None:
    deploy(
        local,
        tmp_path,
        Domain=arn("corp.example"),
        Address=arn("ada@home.example"),
        Elsewhere=arn("far.example", region="eu-west-1"),
        Foreign=arn("foreign.example", OTHER_ACCOUNT),
        Empty="",
        Set=f"arn:aws:ses:us-east-1:{ACCOUNT}:configuration-set/set.example",
    )
    send(local, "no-reply@corp.example")
    send(local, "ada@home.example")
    send(local, "news@far.example", "eu-west-1")
    for sender in (
        "bob@home.example",
        "news@far.example",
        "news@foreign.example",
        "news@set.example",
        "x@other.example",
    ):
        with pytest.raises(AwsError, match="not verified"):
            send(local, sender)


def test_an_identity_that_is_there_stays_as_it_is(local: LocalEngine, tmp_path: Path) -> None:
    tags = [{"Key": "made", "Value": "by hand"}]
    local.call("sesv2", "CreateEmailIdentity", EmailIdentity="kept.example", Tags=tags)
    deploy(local, tmp_path, Domain=arn("kept.example"), Another="1")
    assert local.call("sesv2", "GetEmailIdentity", EmailIdentity="kept.example")["Tags"] == tags
