"""A signed-in user's tokens between two runs of a program, one entry for each app client.

They are in the operating system's keyring (`auth.os_keyring`), or else in a private file (`auth.private_files`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256

from auth import os_keyring, private_files
from auth.errors import NotAuthorized
from auth.hosted_ui import HostedUi
from auth.live_tokens import LiveTokens
from auth.models import Tokens
from auth.settings import Settings

SIGN_IN = "sign in with `gatehouse login`"


def save(settings: Settings, tokens: Tokens) -> str:
    """Keep the tokens in place of any other of this app client. Where they are, in words. Raises AuthError."""
    entry, text = _entry(settings), json.dumps(asdict(tokens))
    if os_keyring.write(entry, text):
        private_files.remove(entry)
        return "the keyring"
    return str(private_files.write(entry, text))


def load(settings: Settings, now: Callable[[], float] = time.time) -> LiveTokens:
    """The tokens that are kept, refreshed when they are due and then kept anew: for `Identity`, for one.

    Raises NotAuthorized if there are none, AuthError if the file is open to others.
    """
    kept = _newest(settings)
    if kept is None:
        raise NotAuthorized("nobody is signed in", hint=SIGN_IN)
    hosted_ui = HostedUi(settings, now)

    def refresh(tokens: Tokens) -> Tokens:
        try:
            fresh = hosted_ui.refresh(tokens)
        except NotAuthorized as error:
            raise NotAuthorized(f"the sign-in has ended: {error}", code=error.code, hint=SIGN_IN) from None
        save(settings, fresh)
        return fresh

    return LiveTokens(kept, refresh, now)


def forget(settings: Settings) -> Tokens | None:
    """Drop the tokens; what was kept, to be revoked. Raises AuthError if that cannot be done."""
    kept, entry = _newest(settings), _entry(settings)
    private_files.remove(entry)
    os_keyring.remove(entry)
    return kept


def _newest(settings: Settings) -> Tokens | None:
    """What is kept, in whichever place. A damaged entry counts as none: the user then signs in again."""
    entry = _entry(settings)
    found = [_read(text) for text in (os_keyring.read(entry), private_files.read(entry)) if text]
    return max((tokens for tokens in found if tokens), key=lambda tokens: tokens.expires_at, default=None)


def _read(text: str) -> Tokens | None:
    try:
        return Tokens(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _entry(settings: Settings) -> str:
    """The name of this app client's entry.

    Attack: settings that somebody else wrote, as the outputs file in a folder that was cloned, with our app client and
    an address of theirs. Tokens go only to the addresses that they were kept for, so all of them are in the name.
    """
    client = (settings.need("user_pool_id"), settings.need("app_client_id"))
    addresses = (settings.need("hosted_ui_url"), settings.endpoint_url, settings.api_url)
    return f"{sha256(json.dumps([client, addresses]).encode()).hexdigest()}.json"
