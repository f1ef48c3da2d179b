"""What users are written: one catalogue for each language, with one message for each trigger source of the user pool,
and beside it one of the mails that the stack's own functions send.

To add a language, write its file beside `en.py` and give it a line in CATALOGUES and in MAILS. Lengths that Cognito
allows, the code put in: SMS 140 characters, subject 140, e-mail 20,000. A Japanese SMS is sent as UCS-2, 70 characters
a part.
"""

from __future__ import annotations

from collections.abc import Mapping

from triggers.messages import en, ja
from triggers.messages.message import Mail, Message

CATALOGUES: Mapping[str, Mapping[str, Message]] = {"en": en.MESSAGES, "ja": ja.MESSAGES}
MAILS: Mapping[str, Mapping[str, Mail]] = {"en": en.MAILS, "ja": ja.MAILS}
FALLBACK = "en"


def language_of(locale: str) -> str:
    """The language to write in for a `locale` attribute: `ja`, `ja-JP` and `ja_JP` are Japanese, others English."""
    language = locale.strip().lower().replace("_", "-").partition("-")[0]
    return language if language in CATALOGUES else FALLBACK
