"""The proof of `properties.py`: each property of each type is deployed, and read back through the service's own API.

Then everything is changed or dropped in an update, and read back again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.properties import PROVEN, Shape, unsupported
from tests.localcloud.aws.local_engine import LocalEngine
from tests.localcloud.aws.readers import READERS, Proof
from tests.localcloud.aws.samples import AFTER, CHANGES, DEAD_LETTERS, OTHERS, QUEUE, ROLE, SAMPLES


def logical_id(resource_type: str) -> str:
    return resource_type.rpartition("::")[2]


def resources(folder: Path, samples: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        logical_id(name): {"Type": name, "Properties": sample, "DependsOn": AFTER.get(name, [])}
        for name, sample in samples.items()
    }
    text = json.dumps(made | OTHERS)
    found: dict[str, Any] = json.loads(text.replace("FOLDER", str(folder)))
    return found


def resolved(value: Any, proof: Proof) -> Any:
    """The sample as it is after the deploy."""
    if isinstance(value, list):
        return [resolved(item, proof) for item in value]
    if not isinstance(value, dict):
        return str(proof.folder) if value == "FOLDER" else value
    if value.keys() == {"Ref"}:
        return proof.ids[value["Ref"]]
    if "Fn::Sub" in value:
        return value["Fn::Sub"].replace("${Integration}", proof.ids["Integration"])
    if "Fn::GetAtt" in value:
        return {"Version": "1", "Role": ROLE, "Queue": QUEUE, "DeadLetters": DEAD_LETTERS}[value["Fn::GetAtt"][0]]
    return {name: resolved(part, proof) for name, part in value.items()}


def paths(value: Any, shape: Shape, prefix: str = "") -> Iterator[str]:
    """The leaves of a sample, as far as the shape goes."""
    if shape is None or isinstance(shape, frozenset):
        yield prefix
        return
    for item in value if isinstance(value, list) else [value]:
        for name, part in item.items():
            yield from paths(part, shape[name], f"{prefix}.{name}")


def leaves(shape: Shape, prefix: str = "") -> Iterator[str]:
    if shape is None or isinstance(shape, frozenset):
        yield prefix
        return
    for name, part in shape.items():
        yield from leaves(part, f"{prefix}.{name}")


@dataclass(slots=True)
class Readings:
    """What was expected and what was read, by type, after the create and after the update."""

    expected: dict[str, dict[str, Any]]
    found: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def readings(local: LocalEngine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Readings, Readings]:
    folder = tmp_path_factory.mktemp("proof")
    return read(local, folder, SAMPLES), read(local, folder, changed())


def read(local: LocalEngine, folder: Path, samples: Mapping[str, Any]) -> Readings:
    local.deploy_resources(resources(folder, samples), folder, "proof")
    found = local.call("cloudformation", "DescribeStackResources", StackName="proof")["StackResources"]
    proof = Proof(local, folder, {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found})
    expected = {name: resolved(sample, proof) for name, sample in samples.items()}
    return Readings(expected, {name: reader(proof) for name, reader in READERS.items()})


def changed() -> dict[str, dict[str, Any]]:
    """The samples after the update; a property that it drops is not there."""
    both = {name: sample | CHANGES.get(name, {}) for name, sample in SAMPLES.items()}
    return {name: {key: v for key, v in sample.items() if v is not None} for name, sample in both.items()}


def is_gone(value: Any) -> bool:
    return all(is_gone(part) for part in value.values()) if isinstance(value, dict) else not value


@pytest.mark.parametrize("resource_type", PROVEN)
def test_the_samples_have_every_proven_property(resource_type: str) -> None:
    sample, shape = SAMPLES[resource_type], PROVEN[resource_type]
    assert set(paths(sample, shape)) == set(leaves(shape))


@pytest.mark.parametrize("resource_type", PROVEN)
def test_each_property_reads_back(readings: tuple[Readings, Readings], resource_type: str) -> None:
    expected, found = readings[0].expected[resource_type], readings[0].found[resource_type]
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize("resource_type", CHANGES)
def test_each_change_reads_back(readings: tuple[Readings, Readings], resource_type: str) -> None:
    expected, found = readings[1].expected[resource_type], readings[1].found[resource_type]
    assert {name: found.get(name) for name in expected} == expected
    dropped = SAMPLES[resource_type].keys() - expected.keys()
    assert {name: found.get(name) for name in dropped if not is_gone(found.get(name))} == {}


def test_an_update_changes_no_id(readings: tuple[Readings, Readings]) -> None:
    ids = [
        (after.found["AWS::ApiGatewayV2::Api"]["ApiId"], after.found["AWS::IAM::Role"]["RoleId"]) for after in readings
    ]
    assert ids[0] == ids[1]


BUCKET = {"Type": "AWS::S3::Bucket"}


@pytest.mark.parametrize(
    ("resource", "problem"),
    [
        ({"Type": "AWS::S3::Buckt"}, "this type is not supported by the local cloud"),
        ({}, "this type is not supported by the local cloud"),
        ("text", "this type is not supported by the local cloud"),
        (BUCKET | {"UpdatePolicy": {}}, "attribute `UpdatePolicy` is not supported by the local cloud"),
        (
            BUCKET | {"Properties": {"Tags": [{"Key": "a", "Vlaue": "b"}]}},
            "property `Tags.Vlaue` is not supported by the local cloud; did you mean `Value`?",
        ),
        (
            BUCKET | {"Properties": {"Tags": {"Ref": "Some"}}},
            "property `Tags` must be written out: what `{'Ref': 'Some'}` gives cannot be checked",
        ),
        (BUCKET | {"Properties": "text"}, "property `` must be written out: what `text` gives cannot be checked"),
        (
            {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": {"Ref": "Protocol"}}},
            "property `ProtocolType`: `{'Ref': 'Protocol'}` is not supported by the local cloud, only `HTTP`",
        ),
        (
            BUCKET | {"Properties": {"OwnershipControls": {"Fn::If": ["C", {"Nope": 1}, {"Ref": "AWS::NoValue"}]}}},
            "property `OwnershipControls.Nope` is not supported by the local cloud",
        ),
    ],
)
def test_what_is_not_proven_is_refused_by_name(resource: Any, problem: str) -> None:
    (line,) = unsupported({"R": resource}, {"Protocol": "WEBSOCKET"}, PROVEN)
    assert line.startswith("resource `R` (")
    assert line.endswith(f"): {problem}")


def test_what_is_proven_passes_by_parameter_and_condition_too() -> None:
    protocol = {"Fn::If": ["C", "HTTP", {"Ref": "Protocol"}]}
    resource = {"Type": "AWS::ApiGatewayV2::Api", "Condition": "C", "Properties": {"ProtocolType": protocol}}
    assert unsupported({"R": resource}, {"Protocol": "HTTP"}, PROVEN) == []
