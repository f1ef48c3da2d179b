"""What a provider calls somebody's session there, kept as text for the day that they sign out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from localcloud.federation.saml_assertion import Assertion


@dataclass(frozen=True, slots=True)
class ProviderSession:
    """A session at a provider: the NameID, with all that belongs to it, and its index, empty where it has none."""

    subject: str
    format: str
    qualifiers: Mapping[str, str]
    index: str

    @classmethod
    def of(cls, said: Assertion) -> ProviderSession:
        """The session that an assertion is about."""
        return cls(said.subject, said.subject_format, said.qualifiers, said.session_index)

    @classmethod
    def read(cls, text: str) -> ProviderSession | None:
        """The session that `text` was written of; None of one that another kind of provider began."""
        return cls(**orjson.loads(text)) if text else None

    @property
    def text(self) -> str:
        """The session as text."""
        return orjson.dumps(self).decode()
