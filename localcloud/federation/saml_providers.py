"""SAML providers of the account: made, found and changed. Source: IAM API reference, of each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation.identity_providers import add, change, not_found
from localcloud.federation.models import SamlProvider

_FOREVER = 100 * 365 * 86_400.0
_ENCRYPTION = ("AssertionEncryptionMode", "AddPrivateKey", "RemovePrivateKey")


def create(ctx: Context, name: str, metadata: str, tags: dict[str, str]) -> SamlProvider:
    """A new provider. Raises InvalidInput for metadata that nothing could be verified with, EntityAlreadyExists."""
    arn = f"arn:aws:iam::{ctx.cloud.account}:saml-provider/{name}"
    # IAM's ids are the prefix and 16 characters of base32; this one only has to be nobody else's.
    provider = SamlProvider(
        arn=arn,
        id=f"SAMLSP{ctx.cloud.random(8).hex().upper()}",
        metadata=metadata,
        valid_until=_valid_until(ctx, metadata),
        created=ctx.now,
        tags=tags,
    )
    return add(ctx, provider, f"SAML provider {name} already exists.")


def set_metadata(ctx: Context, arn: str, metadata: str) -> SamlProvider:
    """The provider with another metadata document. Raises NoSuchEntity and InvalidInput."""
    until = _valid_until(ctx, metadata)
    return change(ctx, SamlProvider, arn, lambda old: {"metadata": metadata, "valid_until": until})


def delete(ctx: Context, arn: str) -> None:
    """Remove a provider. Raises NoSuchEntity."""
    if not ctx.store.delete(SamlProvider, arn):
        raise not_found(SamlProvider, arn)


def refuse_encryption(request: Mapping[str, Any]) -> None:
    """Raise InvalidInput for settings of encrypted assertions, which are not read here."""
    for name in _ENCRYPTION:
        if request.get(name) is not None:
            raise AwsError("InvalidInput", f"{name} is not supported by the local cloud.")


def _valid_until(ctx: Context, metadata: str) -> float:
    """When the document ends; without an end, in a hundred years, as IAM says it. Raises InvalidInput."""
    # Here, not above: it loads lxml, which only SAML needs.
    from localcloud.federation import saml_metadata

    try:
        until = saml_metadata.read(metadata).valid_until
    except ValueError as error:
        raise AwsError("InvalidInput", f"Could not parse metadata: {error}") from error
    if until is not None and until <= ctx.now:
        raise AwsError("InvalidInput", "The metadata document has expired (validUntil).")
    return ctx.now + _FOREVER if until is None else until
