"""From a template to a stack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from localcloud.policy.lint import parameters
from localcloud.policy.lint.documents import FUNCTIONS
from localcloud.policy.lint.intrinsics import Scope
from localcloud.policy.lint.loader import TemplateError, load
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Resource, Stack
from localcloud.policy.lint.text import symbol


def read_template(path: Path, given: Mapping[str, str] | None = None) -> Stack:
    """The stack that a template describes, with these parameters and the defaults. Raises TemplateError."""
    template = load(path)
    declared, resources = template.get("Parameters"), template.get("Resources")
    if not isinstance(resources.value, Mapping) or not resources.value:
        raise TemplateError(f"{path}: has no Resources: this is no CloudFormation template")
    if wrong := [name for name in given or {} if not declared.get(name).exists]:
        raise TemplateError(f"{path}: has no parameter `{wrong[0]}`")
    types = {name: resource.get("Type").text for name, resource in resources.entries()}
    scope = Scope(parameters.values(declared, given or {}), types, template.get("Mappings"), template.get("Conditions"))
    defaults = template.get("Globals", "Function")
    return Stack({name: _resource(name, node, scope, defaults) for name, node in resources.entries()}, template)


def _resource(name: str, node: Node, scope: Scope, defaults: Node) -> Resource:
    kind, properties = node.get("Type").text, node.get("Properties")
    if not isinstance(properties.value, Mapping):
        properties = Node({}, node.place)
    if kind == FUNCTIONS[0]:
        properties = Node({**dict(defaults.entries()), **dict(properties.entries())}, properties.place)
    return Resource(name, kind, scope.resolve(properties), symbol(name), node.place)
