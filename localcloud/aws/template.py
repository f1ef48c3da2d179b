"""From the template and parameter files to what CloudFormation takes: read, packaged, transformed."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import json
import string
import sys
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud.aws.function_code import BUILD_BUCKET, fingerprint

_SAM = "AWS::Serverless-2016-10-31"


class StackError(Exception):
    """The stack cannot be deployed. The text says why, one line for each reason."""


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """A template in JSON without SAM, and the values of its parameters."""

    body: str
    parameters: Mapping[str, str]


_MAX_DEPTH = 200


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short forms, where a date is text and no key comes twice."""

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} comes twice", key.start_mark)
            seen.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _short_form(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag in ("Ref", "Condition"):
        return {tag: value}
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_str)


async def prepare(
    template_path: Path, parameters_path: Path, region: str, cache: Path, given: Mapping[str, str] | None = None
) -> StackTemplate:
    """Read both files, point functions at their builds, and apply SAM. Raises StackError.

    `cache` is a file that keeps the last transform: without a change, SAM is not even started. `given` are values for
    parameters that the template has and the file leaves empty; `${Name}` in one is the value of another parameter.
    """
    template = read_template(template_path)
    parameters = read_parameters(parameters_path, template)
    declared = template.get("Parameters") or {}
    empty = {name for name in declared if not parameters.get(name)}
    filled = {name: value for name, value in (given or {}).items() if name in empty}
    known = {name: declared[name].get("Default", "") for name in declared if filled} | parameters
    parameters |= {name: string.Template(value).safe_substitute(known) for name, value in filled.items()}
    _point_to_builds(template, template_path.parent)
    if "Revision" in (template.get("Parameters") or {}):
        parameters.setdefault("Revision", _digest(template, parameters))
    if template.get("Transform") == _SAM:
        template = await _transform(template, parameters, region, cache)
    return StackTemplate(json.dumps(template, separators=(",", ":")), parameters)


def read_template(path: Path) -> dict[str, Any]:
    """The template, short forms written out. Raises StackError."""
    try:
        text = path.read_bytes()
        _check_depth(text, path.name)
        template = yaml.load(text, _Loader)  # noqa: S506 (a safe loader)
    except OSError as error:
        raise StackError(f"{path}: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise StackError(f"{path.name}{line}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise StackError(f"{path.name}: {' '.join(str(error).split())}") from None
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise StackError(f"{path.name}: no Resources: this is no CloudFormation template")
    for name, resource in template["Resources"].items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Properties", {}), dict):
            raise StackError(f"{path.name}: resource `{name}`: a resource has a Type and a mapping of Properties")
    return template


def _check_depth(text: bytes, name: str) -> None:
    """Attack: a template of brackets and nothing else. libyaml goes one stack frame deeper at each, and crashes."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise StackError(f"{name}: is nested too deep")


def read_parameters(path: Path, template: Mapping[str, Any]) -> dict[str, str]:
    """The values for the template's parameters, defaults left out. Raises StackError."""
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_bytes())
        values = {str(entry["ParameterKey"]): str(entry["ParameterValue"]) for entry in entries[:]}
    except OSError as error:
        raise StackError(f"{path}: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise StackError(f"{path.name}, line {error.lineno}: {error.msg}") from None
    except (KeyError, TypeError, UnicodeDecodeError):
        raise StackError(f'{path.name}: not a list of {{"ParameterKey": …, "ParameterValue": …}}') from None
    declared = template.get("Parameters") or {}
    unknown = [f"{path.name}: the template has no parameter `{name}`" for name in values.keys() - declared.keys()]
    missing = [
        f"{path.name}: parameter `{name}` has no value, and the template no default for it"
        for name, definition in declared.items()
        if name not in values and "Default" not in definition
    ]
    if unknown or missing:
        raise StackError("\n".join([*sorted(unknown), *missing]))
    return values


def _point_to_builds(template: Mapping[str, Any], folder: Path) -> None:
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource.get("Type") != "AWS::Serverless::Function" or not isinstance(properties.get("CodeUri"), str):
            continue
        build = (folder / properties["CodeUri"]).resolve()
        if not build.is_dir():
            raise StackError(
                f"resource `{name}`: CodeUri `{properties['CodeUri']}`: no such folder; run `make package`"
            )
        properties["CodeUri"] = {"Bucket": BUILD_BUCKET, "Key": str(build), "Version": fingerprint(build)}


def _digest(template: Mapping[str, Any], parameters: Mapping[str, str]) -> str:
    """What changes with the template, the packages and the parameters: functions then publish a new version."""
    return hashlib.sha256(json.dumps([template, parameters], sort_keys=True).encode()).hexdigest()[:16]


async def _transform(
    template: dict[str, Any], parameters: Mapping[str, str], region: str, cache: Path
) -> dict[str, Any]:
    request = json.dumps({"template": template, "parameters": parameters, "region": region}).encode()
    version = importlib.metadata.version("aws-sam-translator").encode()
    key = hashlib.sha256(version + request).hexdigest()
    if (known := _cached(cache)).get("key") == key:
        transformed: dict[str, Any] = known["template"]
        return transformed
    arguments = (sys.executable, "-m", "localcloud.aws.sam")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    output, errors = await process.communicate(request)
    if process.returncode != 0:
        raise StackError(errors.decode("utf-8", "replace").strip() or "the SAM transform failed")
    transformed = json.loads(output)
    cache.parent.mkdir(parents=True, exist_ok=True)
    partial = cache.with_suffix(".partial")
    partial.write_text(json.dumps({"key": key, "template": transformed}))
    partial.replace(cache)
    return transformed


def _cached(cache: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(cache.read_bytes())
    except (OSError, ValueError):
        return {}
    return known
