"""Inbound federation: who may come from which provider, and whose user that is. Runs at every federated sign-in."""

from __future__ import annotations

import os
from collections.abc import Mapping

from triggers import linking
from triggers.email_domains import domain_of, read_table
from triggers.errors import deny
from triggers.trigger import Event, logger, trigger

_EMAIL_CLAIMS = ("email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")


@trigger("InboundFederation_ExternalProvider")
def handler(event: Event) -> None:
    """Refuse an address whose domain the provider may not sign in, and join the others with their user.

    PROVIDER_EMAIL_DOMAINS (`Google=gmail.com Corp=corp.example`) is the allow-list of each provider; one that is not in
    it signs in every domain. LINKING_EMAIL_DOMAINS, of the same form, says for which domains a provider is trusted to
    know whose an address is; one that is not in it joins nobody. Every claim is kept.
    """
    provider = event["request"]["providerName"]
    claims = _claims(event["request"]["attributes"])
    email = next((claims[name] for name in _EMAIL_CLAIMS if claims.get(name)), "")
    domain = domain_of(email)
    # Before the user is made: a refusal after that would leave one behind.
    allowed = read_table(os.environ["PROVIDER_EMAIL_DOMAINS"]).get(provider)
    if allowed is not None and domain not in allowed:
        deny(f"{provider} may not sign in this e-mail domain")
    trusted = read_table(os.environ["LINKING_EMAIL_DOMAINS"]).get(provider, frozenset())
    # Attack: an account at the provider under somebody else's address, which it never checked.
    if domain is not None and domain in trusted and claims.get("email_verified", "true").lower() == "true":
        subject = _subject(event, claims)
        if subject:
            linking.join(event["userPoolId"], provider, subject, email)
        else:
            logger.warning("not joined: the event does not say whose it is", provider=provider)
    event["response"]["userAttributesToMap"] = {}


def _claims(attributes: Mapping[str, Mapping[str, str] | None]) -> dict[str, str]:
    """What the provider says of its user; the ID token, which is signed, wins over the profile."""
    return {
        name: str(value)
        for source in ("samlResponse", "userInfo", "idToken")
        for name, value in (attributes.get(source) or {}).items()
    }


def _subject(event: Event, claims: Mapping[str, str]) -> str:
    """The provider's own id of its user: behind its name in the user's, else as each kind of provider calls it."""
    start = f"{event['request']['providerName']}_"
    if event.get("userName", "").startswith(start):
        return str(event["userName"].removeprefix(start))
    return next((claims[name] for name in ("sub", "id", "user_id") if claims.get(name)), "")
