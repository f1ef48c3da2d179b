"""Which folders the template asks for, and for which handlers and machines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud.aws.package.errors import PackageError

_CODE_URI = re.compile(r"\.\./build/([a-z][a-z0-9_]*)")
_HANDLER = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\.[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Package:
    """One folder to build: its name, the modules that its handlers live in, Lambda's runtime and architecture."""

    name: str
    modules: frozenset[str]
    runtime: str
    architecture: str


class _Loader(yaml.SafeLoader):
    """Reads a template; `!Ref`, `!Sub` and their like become None."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def read_packages(template: Path) -> list[Package]:
    """The folders named by the CodeUri of the template's functions. Raises PackageError."""
    try:
        document = yaml.load(template.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - it is a SafeLoader
        defaults = document.get("Globals", {}).get("Function", {})
        resources = [(name, it["Type"], it.get("Properties")) for name, it in document["Resources"].items()]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise PackageError(f"{template} is no template: {error}") from error
    packages: dict[str, Package] = {}
    for logical_id, kind, properties in resources:
        if kind == "AWS::Serverless::Function":
            package = _read_function(logical_id, {**defaults, **(properties or {})})
            packages[package.name] = _join(package, packages.get(package.name, package))
    return list(packages.values())


def _read_function(logical_id: str, properties: Mapping[str, Any]) -> Package:
    code_uri = _CODE_URI.fullmatch(str(properties.get("CodeUri")))
    handler = _HANDLER.fullmatch(str(properties.get("Handler")))
    runtime = str(properties.get("Runtime"))
    architectures = properties.get("Architectures", ["x86_64"])
    if not code_uri:
        raise PackageError(f"{logical_id}: CodeUri is not ../build/NAME")
    if not handler:
        raise PackageError(f"{logical_id}: Handler is not MODULE.FUNCTION")
    if not re.fullmatch(r"python3\.\d+", runtime):
        raise PackageError(f"{logical_id}: Runtime {runtime} is not a Python runtime")
    if architectures not in (["x86_64"], ["arm64"]):
        raise PackageError(f"{logical_id}: Architectures is neither [x86_64] nor [arm64]")
    return Package(code_uri[1], frozenset([handler[1]]), runtime, architectures[0])


def _join(one: Package, other: Package) -> Package:
    if (one.runtime, one.architecture) != (other.runtime, other.architecture):
        raise PackageError(f"build/{one.name} is for functions of different runtimes or architectures")
    return Package(one.name, one.modules | other.modules, one.runtime, one.architecture)
