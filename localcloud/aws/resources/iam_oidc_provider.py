"""AWS::IAM::OIDCProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties, requests
from localcloud.context import Context
from localcloud.federation import identity_providers, open_id_providers, provider_tags
from localcloud.federation.models import OpenIdProvider

TYPE = "AWS::IAM::OIDCProvider"

PROPERTIES: Mapping[str, Shape] = {
    "Url": ANY,
    "ClientIdList": ANY,
    "ThumbprintList": ANY,
    "Tags": {"Key": ANY, "Value": ANY},
}


def create(
    ctx: Context, props: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """Register the provider, or take up the one of `physical_id` again. Raises ValueError and AwsError."""
    request = _request(props)
    if physical_id and ctx.store.get(OpenIdProvider, physical_id):
        return _change(ctx, physical_id, request)
    return _described(_create(ctx, request))


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Change it; another URL is another provider. Raises as `create`."""
    return _change(ctx, physical_id, _request(new))


def delete(ctx: Context, physical_id: str, props: Properties) -> None:
    """Remove it; nothing happens when it is gone."""
    ctx.store.delete(OpenIdProvider, physical_id)


def _create(ctx: Context, request: Mapping[str, Any]) -> OpenIdProvider:
    tags = provider_tags.read(request["Tags"])
    return open_id_providers.create(ctx, request["Url"], request["ClientIDList"], request["ThumbprintList"], tags)


def _change(ctx: Context, arn: str, request: Mapping[str, Any]) -> tuple[str, Attributes]:
    if request["Url"] != identity_providers.require(ctx, OpenIdProvider, arn).url:
        return _described(_create(ctx, request))
    checked = open_id_providers.checked_settings(request["ClientIDList"], request["ThumbprintList"])
    tags = provider_tags.read(request["Tags"])
    return _described(identity_providers.change(ctx, OpenIdProvider, arn, lambda old: {**checked, "tags": tags}))


def _request(props: Properties) -> dict[str, Any]:
    """The CreateOpenIDConnectProvider request of a template's properties."""
    requests.refuse_unsupported("provider", TYPE, props, PROPERTIES)
    request = {
        "Url": props.get("Url", ""),
        "ClientIDList": props.get("ClientIdList", []),
        "ThumbprintList": props.get("ThumbprintList", []),
        "Tags": props.get("Tags", []),
    }
    requests.check("iam", "CreateOpenIDConnectProvider", request, "ValidationError")
    return request


def _described(provider: OpenIdProvider) -> tuple[str, Attributes]:
    return provider.arn, {"Arn": provider.arn}
