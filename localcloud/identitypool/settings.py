"""The settings of an identity pool: from a request to what is kept, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.federation.providers import VERIFIERS
from localcloud.identitypool import openid_tokens
from localcloud.identitypool.providers import canonical_name, user_pool_id
from localcloud.userpool.configuration import tags

USER_POOLS = 50
"""User pool clients of one pool at most. Source: Cognito developer guide, "Quotas"."""

_PLAIN = (
    "IdentityPoolName",
    "AllowUnauthenticatedIdentities",
    "AllowClassicFlow",
    "SupportedLoginProviders",
    "DeveloperProviderName",
    "OpenIdConnectProviderARNs",
    "SamlProviderARNs",
    "IdentityPoolTags",
)


def read(cloud: Cloud, request: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a create or update request, as they are kept. Raises InvalidParameterException."""
    config = {name: request[name] for name in _PLAIN if request.get(name) not in (None, {}, [])}
    for name in config.get("SupportedLoginProviders", ()):
        if name not in VERIFIERS:
            raise _invalid(f"Login provider {name} is not supported by the local cloud.")
    _check_arns(cloud, config.get("OpenIdConnectProviderARNs", ()), "oidc-provider", r"(?!https?://)[^\s:/]\S*")
    _check_arns(cloud, config.get("SamlProviderARNs", ()), "saml-provider", r"[\w._-]{1,128}")
    _check_developer_provider(config)
    tags.check(config.get("IdentityPoolTags", {}))
    providers = [_read_provider(cloud, provider) for provider in request.get("CognitoIdentityProviders") or ()]
    if len(providers) > USER_POOLS:
        raise _invalid(f"An identity pool has at most {USER_POOLS} Cognito user pool providers.")
    return {**config, "CognitoIdentityProviders": providers} if providers else config


def with_developer_provider(old: Mapping[str, Any], request: Mapping[str, Any]) -> Mapping[str, Any]:
    """An update request with the old developer provider, which stays once set. Raises InvalidParameterException.

    Attack: another name, and every user that the backend has vouched for is a stranger or somebody else. An update
    that leaves it out keeps it (observed on AWS, hashicorp/terraform-provider-aws#49985).
    """
    name = "DeveloperProviderName"
    if name not in old:
        return request
    if request.get(name) not in (None, old[name]):
        raise _invalid(f"{name} can not be changed once it is set.")
    return {**request, name: old[name]}


def _check_developer_provider(config: Mapping[str, Any]) -> None:
    # Attack: a backend's user under a name that is also a public provider's, who would be that provider's user too.
    oidc = [arn.partition(":oidc-provider/")[2] for arn in config.get("OpenIdConnectProviderARNs", ())]
    # Or under one that is in every `amr`: a guest's own token would then be the login of somebody vouched for.
    taken = (*VERIFIERS, *oidc, openid_tokens.NAME, "authenticated", "unauthenticated")
    if config.get("DeveloperProviderName") in taken:
        raise _invalid("DeveloperProviderName is the name of another login provider.")


def _check_arns(cloud: Cloud, arns: Sequence[str], kind: str, name: str) -> None:
    for arn in arns:
        if not re.fullmatch(rf"arn:aws:iam::{cloud.account}:{kind}/{name}", arn, re.ASCII):
            raise _invalid(f"Invalid {kind} ARN: {arn}")


def _read_provider(cloud: Cloud, provider: Mapping[str, Any]) -> dict[str, Any]:
    name = canonical_name(cloud, provider.get("ProviderName") or "")
    if user_pool_id(name) is None or not provider.get("ClientId"):
        raise _invalid(f"Invalid Cognito identity provider {name}: a user pool and a ClientId.")
    checks = bool(provider.get("ServerSideTokenCheck"))
    return {"ProviderName": name, "ClientId": provider["ClientId"], "ServerSideTokenCheck": checks}


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
