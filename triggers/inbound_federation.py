"""Inbound federation: who may come from which provider, and whose user that is. Runs at every federated sign-in."""

from __future__ import annotations

import os
from collections.abc import Mapping

from triggers import linking
from triggers.email_domains import domain_of, read_table
from triggers.errors import deny
from triggers.trigger import Event, trigger

_EMAIL_CLAIMS = ("email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")

_SUBJECTS = {"Facebook": "id", "LoginWithAmazon": "user_id", "SAML": ""}
"""Provider type → its claim of its own id of the user, `sub` for all others. SAML has none: its NameID is no attribute.

Attack: a SAML attribute called `sub` or `id`, which its user may write, and with it somebody else's NameID.
"""

Claims = Mapping[str, str]


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
    sources = _sources(event["request"]["attributes"])
    # Attack: two addresses, of which this takes the one for the provider's own, and the user pool maps the other.
    emails = list({source[name] for source in sources for name in _EMAIL_CLAIMS if source.get(name)})
    domains = [domain_of(email) for email in emails] or [None]
    # Before the user is made: a refusal after that would leave one behind.
    allowed = read_table(os.environ["PROVIDER_EMAIL_DOMAINS"]).get(provider)
    if allowed is not None and not allowed.issuperset(domains):
        deny(f"{provider} may not sign in this e-mail domain")
    trusted = read_table(os.environ["LINKING_EMAIL_DOMAINS"]).get(provider, frozenset())
    event["response"]["userAttributesToMap"] = {}
    # Attack: an account at the provider under somebody else's address, which it never checked.
    if len(emails) != 1 or domains[0] not in trusted or not all(map(_is_verified, sources)):
        return
    claims = {name: value for source in sources for name, value in source.items()}
    linking.join(event["userPoolId"], provider, _subject(event, claims), emails[0])
    if "email_verified" not in claims:
        event["response"]["userAttributesToMap"] = {**claims, "email_verified": "true"}


def _sources(attributes: Mapping[str, Mapping[str, object] | None]) -> list[Claims]:
    """What the provider says of its user, the ID token last: it is signed, and wins over the profile."""
    found = [attributes.get(name) or {} for name in ("samlResponse", "userInfo", "idToken")]
    return [{name: str(value) for name, value in source.items()} for source in found]


def _is_verified(source: Claims) -> bool:
    return source.get("email_verified", "true").lower() == "true"


def _subject(event: Event, claims: Claims) -> str:
    """The provider's own id of its user: as its kind calls it, else (SAML) as the event calls the user."""
    claim = _SUBJECTS.get(event["request"]["providerType"], "sub")
    return claims.get(claim) or str(event["userName"]).removeprefix(f"{event['request']['providerName']}_")
