"""Pre sign-up: keeps out e-mail domains that may not sign up. Never confirms anybody by itself."""

from __future__ import annotations

import os

from triggers.errors import deny
from triggers.trigger import Event, trigger


@trigger("PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider")
def handler(event: Event) -> None:
    """Refuse the sign-up unless its e-mail domain is one of ALLOWED_EMAIL_DOMAINS (comma-separated; empty: all)."""
    setting = os.environ["ALLOWED_EMAIL_DOMAINS"]
    if setting.strip():
        allowed = {_ascii(name.strip()) for name in setting.split(",")} - {None}
        if _domain(event["request"]["userAttributes"].get("email", "")) not in allowed:
            deny("this e-mail domain may not sign up")
    event["response"].update(autoConfirmUser=False, autoVerifyEmail=False, autoVerifyPhone=False)


def _domain(address: str) -> str | None:
    """The domain of an address, as `_ascii` writes it; None if it is not one plain address."""
    # Attack: in `a@evil.example@good.example` one reader takes the first domain, the next one the last.
    local, at, domain = address.partition("@")
    return _ascii(domain) if local and at and "@" not in domain else None


def _ascii(domain: str) -> str | None:
    """The one spelling by which domains are compared, lower-case ASCII (RFC 5890 A-labels); None if it has none."""
    if domain.isascii():
        return domain.lower() or None
    try:
        name = domain.encode("idna").decode("ascii").lower()
        faithful = name.encode("ascii").decode("idna") == domain.lower()
    except UnicodeError:
        return None
    # Attack: this codec (IDNA 2003) turns `straße.example` into `strasse.example`, but mail goes to another host
    # (IDNA 2008) that a stranger may own. A name that does not come back as it went in has no safe spelling.
    return name if faithful else None
