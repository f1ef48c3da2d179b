"""OpenID Connect providers of the account: made, found and changed. Source: IAM API reference, of each operation."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation import addresses
from localcloud.federation.identity_providers import add, change, limit_exceeded
from localcloud.federation.models import OpenIdProvider

MAX_CLIENT_IDS, MAX_THUMBPRINTS = 100, 5


def create(
    ctx: Context, url: str, client_ids: Sequence[str], thumbprints: Sequence[str], tags: dict[str, str]
) -> OpenIdProvider:
    """A new provider. Nothing is fetched: it may be started later. Raises InvalidInput, EntityAlreadyExists and others.

    IAM looks a missing thumbprint up; here TLS is trusted as the machine trusts it, and thumbprints are only kept.
    """
    _check_url(url)
    provider = OpenIdProvider(
        arn=f"arn:aws:iam::{ctx.cloud.account}:oidc-provider/{url.partition('://')[2]}",
        url=url,
        **checked_settings(client_ids, thumbprints),
        created=ctx.now,
        tags=tags,
    )
    return add(ctx, provider, f"Provider with url {url} already exists.")


def add_client(ctx: Context, arn: str, client_id: str) -> OpenIdProvider:
    """The provider with one client id more; nothing changes when it has it. Raises NoSuchEntity and LimitExceeded."""
    return change(ctx, OpenIdProvider, arn, lambda old: {"client_ids": _checked_clients([*old.client_ids, client_id])})


def remove_client(ctx: Context, arn: str, client_id: str) -> OpenIdProvider:
    """The provider without a client id; nothing changes when it does not have it. Raises NoSuchEntity."""
    return change(
        ctx, OpenIdProvider, arn, lambda old: {"client_ids": [kept for kept in old.client_ids if kept != client_id]}
    )


def set_thumbprints(ctx: Context, arn: str, thumbprints: Sequence[str]) -> OpenIdProvider:
    """The provider with other thumbprints, all of them replaced. Raises NoSuchEntity and InvalidInput."""
    checked = _checked_thumbprints(thumbprints)
    return change(ctx, OpenIdProvider, arn, lambda old: {"thumbprints": checked})


def checked_settings(client_ids: Sequence[str], thumbprints: Sequence[str]) -> dict[str, list[str]]:
    """A provider's client ids and thumbprints. Raises InvalidInput and LimitExceeded."""
    return {"client_ids": _checked_clients(client_ids), "thumbprints": _checked_thumbprints(thumbprints)}


def _check_url(url: str) -> None:
    """As IAM: https, no query. Besides, and only here: plain http on this machine, with a port, for a stand-in."""
    try:
        parts = addresses.checked(url)
        numbered = urlsplit(url).port is not None and not addresses.is_loopback(parts)
    except ValueError as error:
        raise _invalid_url() from error
    if numbered or parts.query or parts.fragment or "?" in url or "#" in url:
        raise _invalid_url()


def _checked_clients(client_ids: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(client_ids))
    if len(distinct) > MAX_CLIENT_IDS:
        raise limit_exceeded("ClientIdsPerOpenIdConnectProvider", MAX_CLIENT_IDS)
    return distinct


def _checked_thumbprints(thumbprints: Sequence[str]) -> list[str]:
    if len(thumbprints) > MAX_THUMBPRINTS:
        raise AwsError("InvalidInput", f"Thumbprint list must contain at most {MAX_THUMBPRINTS} entries.")
    return list(thumbprints)


def _invalid_url() -> AwsError:
    return AwsError("InvalidInput", "Invalid Open ID Connect Provider URL")
