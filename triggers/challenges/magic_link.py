"""A link that goes on with the sign-in in the app that asked for it, and nowhere else.

Attack: a stranger begins a sign-in with your address, and you follow the link in the mail. The link alone signs nobody
in: the session that it belongs to never left the stranger's app, and what the link holds never reaches it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

SECONDS = 900
MAIL = "SignIn_MagicLink"


def is_offered() -> bool:
    """Where the stack says which page of the app takes the link (environment: MAGIC_LINK_URL)."""
    return bool(os.environ["MAGIC_LINK_URL"])


def make() -> str:
    """A new secret."""
    return secrets.token_urlsafe(32)


def fields(secret: str) -> Mapping[str, str]:
    """The link: the secret is its fragment, which no server and no other site is ever told.

    Attack: an app or a stranger who says where the link leads. Only the template does.
    """
    return {"link": f"{os.environ['MAGIC_LINK_URL']}#{secret}"}


def read(answer: str) -> str:
    """The secret, of a whole link or by itself."""
    return answer.strip().rpartition("#")[2]
