"""AWS::IAM::SAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties, requests
from localcloud.context import Context
from localcloud.federation import identity_providers, provider_tags, saml_providers
from localcloud.federation.models import SamlProvider

TYPE = "AWS::IAM::SAMLProvider"

PROPERTIES: Mapping[str, Shape] = {"Name": ANY, "SamlMetadataDocument": ANY, "Tags": {"Key": ANY, "Value": ANY}}


def create(
    ctx: Context, props: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Register the provider, or take up the one of `physical_id` again. Raises ValueError and AwsError."""
    request = _request(props, f"{stack_name}-{logical_id}")
    if physical_id and ctx.store.get(SamlProvider, physical_id):
        return _change(ctx, physical_id, request)
    return _described(_create(ctx, request))


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Change it; another name is another provider. Raises as `create`."""
    return _change(ctx, physical_id, _request(new, identity_providers.require(ctx, SamlProvider, physical_id).name))


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Remove it; nothing happens when it is gone."""
    ctx.store.delete(SamlProvider, physical_id)


def _create(ctx: Context, request: Mapping[str, Any]) -> SamlProvider:
    tags = provider_tags.read(request["Tags"])
    return saml_providers.create(ctx, request["Name"], request["SAMLMetadataDocument"], tags)


def _change(ctx: Context, arn: str, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    if request["Name"] != identity_providers.require(ctx, SamlProvider, arn).name:
        return _described(_create(ctx, request))
    tags = provider_tags.read(request["Tags"])
    with ctx.store.transaction():
        saml_providers.set_metadata(ctx, arn, request["SAMLMetadataDocument"])
        return _described(identity_providers.change(ctx, SamlProvider, arn, lambda old: {"tags": tags}))


def _request(props: Properties, default_name: str) -> dict[str, Any]:
    """The CreateSAMLProvider request of a template's properties."""
    requests.refuse_unsupported(default_name, TYPE, props, PROPERTIES)
    request = {
        "Name": props.get("Name", default_name),
        "SAMLMetadataDocument": props.get("SamlMetadataDocument", ""),
        "Tags": props.get("Tags", []),
    }
    requests.check("iam", "CreateSAMLProvider", request, "ValidationError")
    return request


def _described(provider: SamlProvider) -> tuple[str, Attributes]:
    return provider.arn, {"Arn": provider.arn}
