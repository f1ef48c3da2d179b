"""Tags of IAM's identity providers. Source: IAM API reference, TagOpenIDConnectProvider and TagSAMLProvider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation.identity_providers import Provider, change

MAX = 50


def read(tags: Iterable[Mapping[str, str]] | None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tags of a request, on top of those that are there. Raises InvalidInput and LimitExceeded."""
    wanted = dict(known or {})
    for tag in tags or ():
        if tag["Key"].lower().startswith("aws:"):
            raise AwsError("InvalidInput", f"Tag keys can not start with aws: {tag['Key']}")
        wanted[tag["Key"]] = tag["Value"]
    if len(wanted) > MAX:
        raise AwsError("LimitExceeded", f"The number of tags has reached the maximum limit {MAX}.", 409)
    return wanted


def add(ctx: Context, kind: type[Provider], arn: str, tags: Sequence[Mapping[str, str]]) -> None:
    """Add tags, or give those that are there other values. Raises NoSuchEntity, InvalidInput and LimitExceeded."""
    change(ctx, kind, arn, lambda old: {"tags": read(tags, old.tags)})


def remove(ctx: Context, kind: type[Provider], arn: str, keys: Sequence[str]) -> None:
    """Remove the tags with these keys; nothing happens for one that is not there. Raises NoSuchEntity."""
    change(ctx, kind, arn, lambda old: {"tags": {key: old.tags[key] for key in old.tags if key not in keys}})


def shown(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as IAM writes them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
