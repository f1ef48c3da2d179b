"""AWS::Cognito::Terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.properties import ANY, Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.resources.cognito_calls import call, call_unless_gone, to_request
from localcloud.context import Context
from localcloud.userpool.configuration.pool_state import Terms

TYPE = "AWS::Cognito::Terms"

_NAMES = ("UserPoolId", "ClientId", "TermsName", "TermsSource", "Enforcement", "Links")
PROPERTIES: Mapping[str, Shape] = dict.fromkeys(_NAMES, ANY)


def create(
    ctx: Context, properties: Properties, logical_id: str, stack_name: str, physical_id: str | None = None
) -> tuple[str, Attributes]:
    """A new document, or the one of that id if it is there and of this client, brought up to date."""
    request = to_request(TYPE, "CreateTerms", properties)
    pool_id, _, terms_id = (physical_id or "").partition("|")
    known = ctx.store.get(Terms, pool_id, terms_id)
    if known is None or (known.pool_id, known.client_id) != (request.get("UserPoolId"), request.get("ClientId")):
        return _shown(call(ctx, "CreateTerms", request)["Terms"])
    wanted = {name: value for name, value in request.items() if name != "ClientId"}
    return _shown(call(ctx, "UpdateTerms", {**wanted, "TermsId": known.id})["Terms"])


def update(ctx: Context, physical_id: str, old: Properties, new: Properties) -> tuple[str, Attributes]:
    """Another name or other links; a new document where the pool or the client is another."""
    return create(ctx, new, "terms", "", physical_id)


def delete(ctx: Context, physical_id: str, properties: Properties) -> None:
    """Delete the document."""
    pool_id, _, terms_id = physical_id.partition("|")
    call_unless_gone(ctx, "DeleteTerms", {"UserPoolId": pool_id, "TermsId": terms_id})


def _shown(terms: Mapping[str, Any]) -> tuple[str, Attributes]:
    return f"{terms['UserPoolId']}|{terms['TermsId']}", {"TermsId": terms["TermsId"]}
