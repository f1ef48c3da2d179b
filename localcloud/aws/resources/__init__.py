"""CloudFormation resource types of our own, and engine types with what the engine drops put back.

One file for each type. Owns how a template's properties become calls of the service's API; the services themselves
are the engine's, `userpool/` and `identitypool/`. `properties.py` says what is supported of the engine's types.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from localcloud.aws.properties import Shape

Properties = Mapping[str, Any]
"""The properties of one resource, resolved: what is left are strings, numbers, booleans, lists and mappings."""

Attributes = Mapping[str, Any]
"""What `Fn::GetAtt` gives of a resource."""

ApiCall = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""(service, operation, parameters) → answer, as boto3 has them. Not to be called on the event loop's thread."""


class ResourceType(Protocol):
    """A resource type. Whatever its methods raise fails the deploy with that text, and rolls it back."""

    @property
    def properties(self) -> Mapping[str, Shape]:
        """The properties that it knows; any other stops the deploy."""
        ...

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        """Make it. Gives its physical id, which is what `Ref` gives, and its attributes."""
        ...

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> tuple[str, Attributes]:
        """Change it. Another physical id means that it was replaced: the old one is deleted afterwards."""
        ...

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove it; nothing happens when it is gone."""
        ...


class MendedType(ABC):
    """An engine type that drops properties, which are applied after it through the service's own API."""

    def __init__(self, engine_type: Mapping[str, Any], call: ApiCall) -> None:
        """`engine_type` is the engine's own entry for the type."""
        self._engine_type = engine_type
        self._call = call

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        """The engine's create, then what it dropped."""
        physical_id, attributes = self._engine_type["create"](logical_id, self._kept(properties), stack_name)
        try:
            return physical_id, self._apply(physical_id, {}, properties, attributes)
        except Exception:
            # The stack does not know this resource yet, so nobody else would remove it.
            self.delete(physical_id, properties)
            raise

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> tuple[str, Attributes]:
        """The engine's update, then what it dropped."""
        arguments = [physical_id, self._kept(old), self._kept(new), stack_name]
        if self._engine_type.get("update_with_logical_id"):
            arguments.append(logical_id)
        updated_id, attributes = self._engine_type["update"](*arguments)
        before = old if updated_id == physical_id else {}
        return updated_id, self._apply(updated_id, before, new, attributes)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """The engine's delete."""
        self._engine_type["delete"](physical_id, properties)

    def _kept(self, properties: Properties) -> Properties:
        """The properties that the engine may see."""
        return properties

    @abstractmethod
    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        """Bring what the engine drops from the old properties to the new; give the attributes."""


def is_true(value: Any) -> bool:
    """A boolean of a template, which parameters turn into text."""
    return str(value).lower() == "true"
