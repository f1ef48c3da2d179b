"""One template, many deploys: the parameter files differ in values only, and give what the template takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.aws.template import read_template

FOLDER = Path(__file__).resolve().parents[2] / "cloudformation"
STAGES = ("dev", "prod", "local")


def values(stage: str) -> dict[str, str]:
    entries = json.loads((FOLDER / "parameters" / f"{stage}.json").read_text())
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}


@pytest.mark.parametrize("stage", STAGES)
def test_a_file_gives_every_parameter_but_the_revision(stage: str) -> None:
    declared = read_template(FOLDER / "backend.yaml")["Parameters"]
    assert values(stage).keys() == declared.keys() - {"Revision"}
    assert values(stage)["Stage"] == stage
    for name, value in values(stage).items():
        assert value in declared[name].get("AllowedValues", [value])


def test_production_is_the_strict_one() -> None:
    production = values("prod")
    assert (production["MfaConfiguration"], production["RequireTls"], production["DeletionProtection"]) == (
        "ON",
        "true",
        "ACTIVE",
    )
    assert all(origin.startswith("https://") for origin in production["AllowedOrigins"].split(","))
