"""What the user pool writes to its users: one catalogue for each language, one message for each trigger source.

To add a language, write its file beside `en.py` and give it a line in CATALOGUES. Lengths that Cognito allows, the
code put in: SMS 140 characters, subject 140, e-mail 20,000. A Japanese SMS is sent as UCS-2, 70 characters a part.
"""

from __future__ import annotations

from collections.abc import Mapping

from triggers.messages import en, ja
from triggers.messages.message import Message

CATALOGUES: Mapping[str, Mapping[str, Message]] = {"en": en.MESSAGES, "ja": ja.MESSAGES}
FALLBACK = "en"


def language_of(locale: str) -> str:
    """The language to write in for a `locale` attribute: `ja`, `ja-JP` and `ja_JP` are Japanese, others English."""
    language = locale.strip().lower().replace("_", "-").partition("-")[0]
    return language if language in CATALOGUES else FALLBACK
