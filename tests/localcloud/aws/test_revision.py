"""A changed parameter reaches the functions: the template's Revision follows it, and a new version is published."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from localcloud.aws.template import prepare

TEMPLATE = """
Parameters:
  Greeting: {Type: String}
  Revision: {Type: String, Default: "1"}
Resources:
  Logs: {Type: "AWS::Logs::LogGroup", Properties: {LogGroupName: !Ref Greeting}}
"""


def revision(folder: Path, **values: str) -> str:
    template, parameters = folder / "template.yaml", folder / "parameters.json"
    template.write_text(TEMPLATE)
    parameters.write_text(json.dumps([{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]))
    prepared = asyncio.run(prepare(template, parameters, "us-east-1", folder / "cache.json"))
    return prepared.parameters["Revision"]


def test_the_revision_follows_the_parameters(tmp_path: Path) -> None:
    first = revision(tmp_path, Greeting="hello")
    assert revision(tmp_path, Greeting="hello") == first
    assert revision(tmp_path, Greeting="good morning") != first


def test_a_revision_that_is_given_stays(tmp_path: Path) -> None:
    assert revision(tmp_path, Greeting="hello", Revision="7") == "7"
