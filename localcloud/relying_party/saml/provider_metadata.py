"""The metadata of a provider: a text in its details, or the document at a URL, kept for an hour.

Nothing here may run inside a store's transaction: a provider may take seconds to answer.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from localcloud.context import Cloud
from localcloud.federation import documents, saml_metadata
from localcloud.federation.addresses import checked
from localcloud.federation.errors import TokenError, UnreachableError
from localcloud.federation.saml_metadata import POST, REDIRECT, Metadata
from localcloud.federation.saml_signature import SignatureError
from localcloud.relying_party.models import Asked

MAX_AGE = 3600.0
"""Seconds of the cloud's time; after that a certificate that the provider withdrew is no longer taken."""

COOL_DOWN = 5.0
"""Seconds between two fetches of one provider's metadata."""

_HEADERS = {"Accept": "application/samlmetadata+xml, application/xml, text/xml"}

Checked = TypeVar("Checked")


@dataclass(slots=True)
class _Fetched:
    """A document from a URL; when it was had, and when the last answer came or failed to (cloud's time)."""

    metadata: Metadata | None = None
    fetched: float = float("-inf")
    tried: float = float("-inf")
    failure: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_older(self, now: float, seconds: float) -> bool:
        return self.metadata is None or now - self.fetched > seconds or _has_ended(self.metadata, now)


def find(cloud: Cloud, asked: Asked) -> Metadata:
    """The metadata of a provider, as it is now. Raises TokenError and UnreachableError."""
    return _valid(cloud, _read(cloud, asked, MAX_AGE))


def verify(cloud: Cloud, asked: Asked, check: Callable[[Metadata], Checked]) -> Checked:
    """What a check of a signature gives; again with newer metadata, where the provider may have a new certificate."""
    metadata = find(cloud, asked)
    try:
        return check(metadata)
    except SignatureError:
        newer = _valid(cloud, _read(cloud, asked, 0.0))
        if newer is metadata:
            raise
        return check(newer)


def address(addresses: Mapping[str, str], service: str) -> tuple[str, str]:
    """Where a browser goes for a service, and by which binding: a redirect where the provider takes one.

    Attack: a `javascript:` address. Raises TokenError.
    """
    for binding in (REDIRECT, POST):
        if binding in addresses:
            try:
                checked(addresses[binding])
            except ValueError as error:
                raise TokenError(f"The provider's metadata has a {service} that is not used: {error}") from error
            return addresses[binding], binding
    raise TokenError(f"The provider's metadata has no {service} for HTTP-Redirect or HTTP-POST")


def _read(cloud: Cloud, asked: Asked, seconds: float) -> Metadata:
    """The metadata, not older than so many seconds, but never fetched more often than COOL_DOWN allows."""
    url = asked.details.get("MetadataURL", "")
    if not url:
        return _parse(asked.details.get("MetadataFile", ""))
    kept: _Fetched = cloud.keys.setdefault(f"saml metadata at {url}", _Fetched())
    # Attack: responses with signatures of nobody, each of which would cost the provider a request and this server a
    # thread; whose metadata is at hand does not wait for them.
    if kept.is_older(cloud.clock.now(), seconds):
        with kept.lock:
            now = cloud.clock.now()
            if kept.is_older(now, seconds) and now - kept.tried >= COOL_DOWN:
                _fetch(cloud, kept, url)
    if kept.metadata is None or cloud.clock.now() - kept.fetched > MAX_AGE:
        raise UnreachableError(kept.failure)
    return kept.metadata


def _fetch(cloud: Cloud, kept: _Fetched, url: str) -> None:
    kept.tried = cloud.clock.now()
    name = url.partition("://")[2]
    try:
        document = cloud.fetch(documents.address_of(cloud, name, url), headers=_HEADERS)
        kept.metadata = _parse(document.decode())
    except (OSError, ValueError, TokenError) as error:
        kept.failure = f"The metadata at {url} could not be had: {error}"
        return
    kept.fetched = kept.tried


@functools.lru_cache(maxsize=16)
def _parse(document: str) -> Metadata:
    try:
        return saml_metadata.read(document)
    except ValueError as error:
        raise TokenError(f"The provider's metadata cannot be read: {error}") from error


def _valid(cloud: Cloud, metadata: Metadata) -> Metadata:
    # Attack: keys that their owner has published for a time, and given up since.
    if _has_ended(metadata, cloud.clock.now()):
        raise TokenError("The provider's metadata has expired (validUntil)")
    return metadata


def _has_ended(metadata: Metadata, now: float) -> bool:
    return metadata.valid_until is not None and now >= metadata.valid_until
