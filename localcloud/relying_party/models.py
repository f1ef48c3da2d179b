"""The terms of this package: who is asked, what is remembered meanwhile, and who came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from localcloud.context import Cloud


@dataclass(frozen=True, slots=True)
class Asked:
    """A provider as a user pool has it. `details` are AWS's ProviderDetails.

    `callback` is where it answers to, `entity_id` what SAML calls us, `language` the browser's. `signing_key` is the
    PEM of the pool's SAML key with its certificate behind it. `attributes` are those of the provider that the pool
    maps: some are asked for by name. `prompt` is the app's, in words of OpenID Connect: `login`, `select_account`, ….
    """

    name: str
    details: Mapping[str, str]
    callback: str
    entity_id: str = ""
    language: str = ""
    login_hint: str = ""
    signing_key: str = ""
    attributes: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes. `secrets` is what `finish` needs again: nonce, PKCE verifier, SAML request id.

    With a `form`, the browser posts it there (SAML's POST binding); otherwise it follows the URL.
    """

    url: str
    secrets: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the provider vouches for, every signature checked.

    `claims` is what it says of the user: texts, or lists of texts. `sources` are the same by their origin, in the words
    of the inbound federation trigger (`tokenResponse`, `idToken`, `userInfo`, `samlResponse`). `session` is what a
    single logout names (SAML: NameID and SessionIndex).
    """

    subject: str
    claims: Mapping[str, str | list[str]]
    sources: Mapping[str, Mapping[str, str]]
    session: str = ""


class Provider(Protocol):
    """One type of provider: a module of `providers`."""

    def begin(self, cloud: Cloud, asked: Asked, state: str) -> Departure:
        """Send a browser to the provider. Raises FederationError where it cannot be reached."""
        ...

    def finish(self, cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
        """Check what the browser came back with. Raises FederationError, with the reason for the developer."""
        ...
