"""Inbound federation: who may come from which provider, and whose user that is. Runs at every federated sign-in."""

from __future__ import annotations

import os
from collections.abc import Mapping

from triggers import linking
from triggers.email_domains import domain_of, read_table
from triggers.errors import deny
from triggers.trigger import Event, trigger

_EMAIL_CLAIMS = ("email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")


@trigger("InboundFederation_ExternalProvider")
def handler(event: Event) -> None:
    """Refuse an address whose domain the provider may not sign in, and join the others with their user.

    PROVIDER_EMAIL_DOMAINS (`Google=gmail.com Corp=corp.example`) is the allow-list of each provider; one that is not in
    it signs in every domain. LINKING_EMAIL_DOMAINS, of the same form, says for which domains a provider is trusted to
    know whose an address is; one that is not in it joins nobody. Every claim is kept.

    Of a provider that does not say whether it verifies its addresses (SAML, Facebook), being trusted says it: without
    a word about it, Cognito would count the address of the joined user as not verified from then on.
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
    event["response"]["userAttributesToMap"] = {}
    # Attack: an account at the provider under somebody else's address, which it never checked.
    if domain is None or domain not in trusted or claims.get("email_verified", "true").lower() != "true":
        return
    linking.join(event["userPoolId"], provider, _subject(event, claims), email)
    if "email_verified" not in claims:
        event["response"]["userAttributesToMap"] = {**claims, "email_verified": "true"}


def _claims(attributes: Mapping[str, Mapping[str, str] | None]) -> dict[str, str]:
    """What the provider says of its user; the ID token, which is signed, wins over the profile."""
    return {
        name: str(value)
        for source in ("samlResponse", "userInfo", "idToken")
        for name, value in (attributes.get(source) or {}).items()
    }


def _subject(event: Event, claims: Mapping[str, str]) -> str:
    """The provider's own id of its user: as its kind calls it, else (SAML) as the event calls the user."""
    named = str(event["userName"]).removeprefix(f"{event['request']['providerName']}_")
    return next((claims[name] for name in ("sub", "id", "user_id") if claims.get(name)), named)
