"""What the stack's own functions mailed through SES, as the outbox has it."""

from __future__ import annotations

import re
from typing import Any

from tests.local_cloud import LocalCloud
from triggers.messages import MAILS

NOTICES = {mail.subject: name for mails in MAILS.values() for name, mail in mails.items() if name.startswith("Notice_")}
"""Notices about an account, which come when they come, by their subjects."""


def newest(cloud: LocalCloud, address: str) -> tuple[str, str]:
    """Subject and body of the newest mail through SES to an address that is no notice."""
    mail = next(message for message in _mails(cloud, address) if message["subject"] not in NOTICES)
    return mail["subject"], mail["body"]


def notices_for(cloud: LocalCloud, address: str) -> list[tuple[str, str]]:
    """What an address was told of its account, and the mail's body, newest first."""
    mails = _mails(cloud, address)
    return [(NOTICES[mail["subject"]], mail["body"]) for mail in mails if mail["subject"] in NOTICES]


def code_for(cloud: LocalCloud, address: str) -> str:
    """The sign-in code in it."""
    found = re.search(r">(\d{8})<", newest(cloud, address)[1])
    assert found
    return found[1]


def link_for(cloud: LocalCloud, address: str) -> str:
    """The sign-in link in it."""
    found = re.search(r'href="([^"]+)"', newest(cloud, address)[1])
    assert found
    return found[1]


def _mails(cloud: LocalCloud, address: str) -> list[dict[str, Any]]:
    return [message for message in cloud.messages(address) if message["source"] == "SendEmail"]
