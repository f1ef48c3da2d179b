"""Our own resource types in the engine's shape, each over one module of `resources/` with create, update, delete.

What a template made is remembered by stack and logical id and taken up again: a kill may cost the engine its memory of
the stack, and must not cost a user pool its id or its users.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from localcloud.aws.properties import Shape
from localcloud.aws.resources import (
    Attributes,
    Properties,
    cognito_log_delivery_configuration,
    cognito_managed_login_branding,
    cognito_terms,
    cognito_user_pool,
    cognito_user_pool_client,
    cognito_user_pool_domain,
    cognito_user_pool_group,
    cognito_user_pool_identity_provider,
    cognito_user_pool_resource_server,
    cognito_user_pool_risk_configuration_attachment,
    cognito_user_pool_ui_customization_attachment,
    iam_oidc_provider,
    iam_saml_provider,
    identity_pool,
    identity_pool_principal_tag,
    identity_pool_role_attachment,
)
from localcloud.context import Cloud, Context
from localcloud.store import Entity

MODULES: tuple[ModuleType, ...] = (
    cognito_log_delivery_configuration,
    cognito_managed_login_branding,
    cognito_terms,
    cognito_user_pool,
    cognito_user_pool_client,
    cognito_user_pool_domain,
    cognito_user_pool_group,
    cognito_user_pool_identity_provider,
    cognito_user_pool_resource_server,
    cognito_user_pool_risk_configuration_attachment,
    cognito_user_pool_ui_customization_attachment,
    iam_oidc_provider,
    iam_saml_provider,
    identity_pool,
    identity_pool_principal_tag,
    identity_pool_role_attachment,
)


@dataclass(frozen=True, slots=True)
class PhysicalId(Entity):
    """Which resource a logical id of a stack stands for."""

    KEY = ("stack_name", "logical_id")
    stack_name: str
    logical_id: str
    physical_id: str


KINDS = (PhysicalId,)


@dataclass(frozen=True, slots=True)
class OwnType:
    """One resource type of ours as the engine calls it."""

    cloud: Cloud
    module: ModuleType

    @property
    def properties(self) -> Mapping[str, Shape]:
        """The properties that it knows; any other stops the deploy."""
        shapes: Mapping[str, Shape] = self.module.PROPERTIES
        return shapes

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        """Make it, or take up the one that this stack made before."""
        context = Context(self.cloud)
        known = context.store.get(PhysicalId, stack_name, logical_id)
        made = self.module.create(context, properties, logical_id, stack_name, known and known.physical_id)
        physical_id, attributes = made
        context.store.put(PhysicalId(stack_name, logical_id, physical_id))
        return physical_id, attributes

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> tuple[str, Attributes]:
        """Change it. Another physical id means that it was replaced."""
        updated_id, attributes = self.module.update(Context(self.cloud), physical_id, old, new)
        self.cloud.store.put(PhysicalId(stack_name, logical_id, updated_id))
        return updated_id, attributes

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove it; nothing happens when it is gone."""
        self.module.delete(Context(self.cloud), physical_id, properties)


def own_types(cloud: Cloud) -> dict[str, OwnType]:
    """Our types by CloudFormation's name."""
    return {module.TYPE: OwnType(cloud, module) for module in MODULES}
