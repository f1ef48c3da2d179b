"""Pre sign-up: keeps out e-mail domains that may not sign up. Never confirms anybody by itself."""

from __future__ import annotations

import os

from triggers.email_domains import domain_of, read_list
from triggers.errors import deny
from triggers.trigger import Event, trigger


@trigger("PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider")
def handler(event: Event) -> None:
    """Refuse the sign-up unless its e-mail domain is one of ALLOWED_EMAIL_DOMAINS (comma-separated; empty: all)."""
    setting = os.environ["ALLOWED_EMAIL_DOMAINS"]
    if setting.strip() and domain_of(event["request"]["userAttributes"].get("email", "")) not in read_list(setting):
        deny("this e-mail domain may not sign up")
    event["response"].update(autoConfirmUser=False, autoVerifyEmail=False, autoVerifyPhone=False)
